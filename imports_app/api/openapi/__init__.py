"""The OpenAPI description of the API, made from what the API itself works by."""
