"""The token endpoint: OAuth 2 client credentials, and nothing else of OAuth."""
