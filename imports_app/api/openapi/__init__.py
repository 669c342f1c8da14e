"""The OpenAPI document of the API, made from the tables and fields that the API works with."""
