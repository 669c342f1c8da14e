"""What a token request can be refused for, in the words of RFC 6749, section 5.2."""

from imports_app.api.errors import ApiError, standard_error

CHALLENGE = 'Basic realm="imports"'


class TokenRefused(ApiError):
    """A refusal with the `error` that OAuth clients look at.

    `description` is shown to the client: printable ASCII without quotes and backslashes, and
    nothing of what was sent, which may be a secret.
    """

    def __init__(self, error: str, description: str, *, status: int = 400) -> None:
        if error == "invalid_client":
            status = 401
        standard = standard_error(status)
        headers = {"WWW-Authenticate": CHALLENGE} if error == "invalid_client" else {}
        super().__init__(status, standard.code, standard.title, detail=description, headers=headers)
        self.error = error
