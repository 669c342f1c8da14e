"""What a token request can be refused for, in the words of RFC 6749, section 5.2."""

from collections.abc import Mapping

from imports_app.api.errors import ApiError, standard_error

CHALLENGE = 'Basic realm="imports"'

DESCRIPTIONS: Mapping[str, str] = {
    "invalid_client": "client_id and client_secret are not those of a client",
    "invalid_scope": "scope asks for something that this client may not do",
    "unsupported_grant_type": "grant_type must be client_credentials",
}


class TokenRefused(ApiError):
    """A refusal with the `error` that OAuth clients look at.

    `description` is shown to the client: printable ASCII without quotes and backslashes, and
    nothing of what was sent, which may be a secret.
    """

    def __init__(self, error: str, description: str | None = None, *, status: int = 400) -> None:
        if error == "invalid_client":
            status = 401
        words = description or DESCRIPTIONS.get(error, "the request is not valid")
        standard = standard_error(status)
        headers = {"WWW-Authenticate": CHALLENGE} if error == "invalid_client" else {}
        super().__init__(status, standard.code, standard.title, detail=words, headers=headers)
        self.error = error
