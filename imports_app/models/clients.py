"""The programs that may call the API."""

from django.core.exceptions import ValidationError
from django.db import models
from oauth2_provider.generators import generate_client_id, generate_client_secret
from oauth2_provider.models import AbstractApplication, ClientSecretField

from imports_app.hashers import RandomSecretHasher
from imports_app.models.base import Mode
from imports_app.scopes import Scope

DEFAULT_SCOPES = f"{Scope.READ} {Scope.WRITE}"


class ApiClient(AbstractApplication):  # type: ignore[misc]
    """An OAuth 2 client. Its mode decides which data it sees, its scopes what it may do.

    Both are read with every request, so a change holds for the tokens that are out already.
    Its id and secret are made here and chosen by nobody: a fast hash protects the secret, which
    is safe for random ones only.
    """

    name = models.CharField(max_length=255)
    mode = models.CharField(max_length=4, choices=Mode)
    scopes = models.CharField(
        max_length=255, default=DEFAULT_SCOPES, help_text="Separated by spaces."
    )
    client_id = models.CharField(
        "client ID", max_length=255, unique=True, default=generate_client_id, editable=False
    )
    client_secret = ClientSecretField(
        max_length=255, default=generate_client_secret, editable=False
    )
    hash_client_secret = models.BooleanField(default=True, editable=False)
    client_type = models.CharField(
        max_length=32,
        choices=AbstractApplication.CLIENT_TYPES,
        default=AbstractApplication.CLIENT_CONFIDENTIAL,
        editable=False,
    )
    authorization_grant_type = models.CharField(
        max_length=44,
        choices=AbstractApplication.GRANT_TYPES,
        default=AbstractApplication.GRANT_CLIENT_CREDENTIALS,
        editable=False,
    )

    class Meta:
        verbose_name = "API client"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mode__in=Mode.values), name="api_client_mode_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    client_type=AbstractApplication.CLIENT_CONFIDENTIAL,
                    authorization_grant_type=AbstractApplication.GRANT_CLIENT_CREDENTIALS,
                ),
                name="api_client_has_a_secret",
            ),
            models.CheckConstraint(
                condition=models.Q(client_secret__startswith=f"{RandomSecretHasher.algorithm}$"),
                name="api_client_secret_is_hashed",
            ),
        ]

    def clean(self) -> None:
        """Besides what the base class checks: a readable name, and no scope but the known ones."""
        super().clean()
        if not self.name.isprintable():
            raise ValidationError({"name": "must have no control characters"})
        names = self.scope_names
        if unknown := sorted(names - set(Scope.values)):
            known = ", ".join(Scope.values)
            raise ValidationError({"scopes": f"unknown: {', '.join(unknown)}; known are {known}"})
        if not names:
            raise ValidationError({"scopes": "must name at least one"})
        self.scopes = " ".join(scope for scope in Scope.values if scope in names)

    @property
    def scope_names(self) -> frozenset[str]:
        """What it may do at this moment, whatever its tokens say."""
        return frozenset(self.scopes.split())

    @classmethod
    def issue(
        cls, *, name: str, mode: str, scopes: str = DEFAULT_SCOPES
    ) -> tuple["ApiClient", str]:
        """Make a client and give its secret, which can't be read again: only its hash is kept.

        Raises ValidationError for a name, mode or scope that can't be.
        """
        client = cls(name=name, mode=mode, scopes=scopes)
        secret = client.client_secret
        client.full_clean(exclude={"client_secret"})  # it is hashed when the client is saved
        client.save()
        return client, secret

    def renew_secret(self) -> str:
        """Give the client another secret and return it; the old one stops working at once."""
        secret = str(generate_client_secret())
        self.client_secret = secret
        self.save(update_fields=["client_secret", "updated"])
        return secret
