"""The programs that may call the API, and their tokens."""

from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from oauth2_provider.models import AbstractApplication, get_application_model
from oauth2_provider.settings import oauth2_settings

from imports_app.database import atomic
from imports_app.models import Mode, Webhook
from imports_app.models.choices import Scope
from imports_app.oauth.secrets import hashed, is_of, new_secret, nobodys

printable = RegexValidator(
    r"\A[^\x00-\x1f\x7f-\x9f\ud800-\udfff]*\Z", "must have no control characters"
)
DEFAULT_SCOPES = f"{Scope.READ} {Scope.WRITE}"


class ApiClient(models.Model):
    """An application that may call the API: the record beside it, whatever its model is.

    The mode decides which data it sees, the scopes what it may do. Both are read with every
    request, so a change holds for the tokens that are out already.
    """

    application = models.OneToOneField(
        oauth2_settings.APPLICATION_MODEL,
        on_delete=models.CASCADE,
        related_name="imports_client",
        editable=False,
    )
    mode = models.CharField(max_length=4, choices=Mode)
    scopes = models.CharField(
        max_length=255, default=DEFAULT_SCOPES, help_text="Separated by spaces."
    )
    # Of a secret that was made here and chosen by nobody. Empty beside an application of the
    # project's, whose own secret counts then.
    secret_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    # Whether the application was made for it, and goes with it.
    is_made = models.BooleanField(default=False, editable=False)
    # Whether all that it could show is worthless; a new secret makes it a client again.
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    # To within a minute, as use.py notes it.
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "API client"
        constraints = [
            models.CheckConstraint(
                condition=Q(mode__in=Mode.values), name="api_client_mode_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(is_made=True, secret_hash=""),
                name="api_client_has_a_secret",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.client_id

    @property
    def client_id(self) -> str:
        """What it shows with its secret; imports keep it as the key of their caller."""
        return str(self.application.client_id)

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.application.name)

    def clean(self) -> None:
        """Take no scope but the known ones, in their order."""
        super().clean()
        names = self.scope_names
        if unknown := sorted(names - set(Scope.values)):
            known = ", ".join(Scope.values)
            raise ValidationError({"scopes": f"unknown: {', '.join(unknown)}; known are {known}"})
        if not names:
            raise ValidationError({"scopes": "must name at least one"})
        self.scopes = " ".join(scope for scope in Scope.values if scope in names)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Delete it, and with it the application that was made for it."""
        if not self.is_made:
            return super().delete(*args, **options)
        gone: tuple[int, dict[str, int]] = self.application.delete(*args, **options)
        return gone

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
        client = cls(mode=mode, scopes=scopes)
        problems: dict[str, Any] = {}
        try:
            client.full_clean(exclude={"application"})
        except ValidationError as error:
            problems = error.update_error_dict(problems)
        try:
            models.CharField(max_length=255, validators=[printable]).clean(name, None)
        except ValidationError as error:
            problems["name"] = error.error_list
        if problems:
            raise ValidationError(problems)
        return client, client.begin(name)

    def begin(self, name: str) -> str:
        """Save a new client, with an application of its own, and return its secret.

        The application's own secret is nobody's: it opens no endpoint of the toolkit's.
        """
        secret = new_secret()
        self.secret_hash, self.is_made = hashed(secret), True
        with atomic():
            self.application = get_application_model().objects.create(
                name=name,
                client_type=AbstractApplication.CLIENT_CONFIDENTIAL,
                authorization_grant_type=AbstractApplication.GRANT_CLIENT_CREDENTIALS,
                client_secret=nobodys(),
            )
            self.save(force_insert=True)
        return secret

    def rename(self, name: str) -> None:
        """Have people call it something else."""
        self.application.name = name
        self.application.save(update_fields=["name"])

    def verify(self, secret: str) -> bool:
        """Return whether that is its secret."""
        if self.revoked_at:
            return False
        if self.secret_hash:
            return is_of(self.secret_hash, secret)
        kept: str = self.application.client_secret
        if self.application.client_type != AbstractApplication.CLIENT_CONFIDENTIAL or not kept:
            return False
        if self.application.hash_client_secret:
            return check_password(secret, kept)
        return constant_time_compare(secret, kept)

    def renew_secret(self) -> str:
        """Give the client another secret and return it; the old one stops working at once.

        Tokens that are out go on working, but those of a client that was revoked.
        """
        secret = new_secret()
        with atomic():
            if self.revoked_at:  # one may have been given out while it was revoked
                self.tokens.all().delete()
            self._change(secret_hash=hashed(secret), revoked_at=None)
        return secret

    def revoke(self) -> None:
        """Neither its tokens nor its secret are of any use from now on. Its imports stay."""
        with atomic():
            self._change(revoked_at=timezone.now())
            self.tokens.all().delete()

    def _change(self, **changes: object) -> None:
        for name, value in changes.items():
            setattr(self, name, value)
        self.save(update_fields=["updated_at", *changes])


class AccessToken(models.Model):
    """A token that we gave out, of which the checksum is kept and nothing else.

    Not the toolkit's table: its tokens open a project's other doors, and are kept in plain text
    where the project says so.
    """

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="tokens")
    checksum = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=255)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"of {self.client_id} until {self.expires_at}"


@receiver(pre_delete, sender=ApiClient, dispatch_uid="client_leaves")
def delete_webhooks(*, instance: ApiClient, **_: Any) -> None:
    """Delete its webhooks: nobody is there to be told. Its imports stay, with its key."""
    Webhook.objects.filter(caller=instance.client_id).delete()
