"""API clients and their tokens: OAuth 2 by client credentials, in an app that can be left out."""
