"""The programs that may call the API."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from oauth2_provider.generators import generate_client_id, generate_client_secret
from oauth2_provider.models import AbstractApplication, ClientSecretField

from imports_app.models.base import Mode
from imports_app.models.hashers import RandomSecretHasher
from imports_app.models.scopes import Scope

DEFAULT_SCOPES = f"{Scope.READ} {Scope.WRITE}"
USE_INTERVAL = timedelta(minutes=1)


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

    # Whether all that it could show is worthless; a new secret makes it a client again.
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    # To within USE_INTERVAL: requests are many, and reading must not mean writing.
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

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

    def granted(self, scopes: str) -> frozenset[str]:
        """Return which of a token's scopes it still has."""
        return self.scope_names & frozenset(scopes.split())

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
        """Give the client another secret and return it; the old one stops working at once.

        Tokens that are out go on working, but those of a client that was revoked.
        """
        secret = str(generate_client_secret())
        with transaction.atomic():
            if self.revoked_at:  # one may have been given out while it was revoked
                self._end_tokens()
            self._replace_secret(secret, revoked_at=None)
        return secret

    def revoke(self) -> None:
        """Neither its tokens nor its secret are of any use from now on. Its imports stay."""
        with transaction.atomic():
            self._replace_secret(str(generate_client_secret()), revoked_at=timezone.now())
            self._end_tokens()

    def is_used_again(self) -> bool:
        """Return whether a use at this moment is worth a note."""
        return self.last_used_at is None or timezone.now() - self.last_used_at >= USE_INTERVAL

    @classmethod
    def note_use(cls, pk: int) -> None:
        """Note that it was used now. Of processes that note this at the same time one writes it
        down.
        """
        now = timezone.now()
        stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_INTERVAL)
        cls.objects.filter(stale, pk=pk).update(last_used_at=now)

    def _replace_secret(self, secret: str, **changes: object) -> None:
        self.client_secret = secret
        for name, value in changes.items():
            setattr(self, name, value)
        self.save(update_fields=["client_secret", "updated", *changes])

    def _end_tokens(self) -> None:
        self.accesstoken_set.all().delete()
