"""Tokens by client credentials, and their revocation: all there is of OAuth 2 here."""
