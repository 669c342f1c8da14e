"""Staff pages of API clients. A secret is shown once, when it is made."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString

from imports_app.admin.audit import StaffAction, record
from imports_app.admin.base import StaffAdmin
from imports_app.admin.frame import CheckboxSelectMultiple, action, label
from imports_app.admin.glance import duration
from imports_app.conf import conf
from imports_app.models import ONLY
from imports_app.models.choices import Scope
from imports_app.oauth.models import DEFAULT_SCOPES, ApiClient, printable

MADE = ("client_id", "state", "last_used", "created_at", "updated_at")
MINUTE = 60  # seconds


class ScopesField(forms.MultipleChoiceField):
    """Scopes. The client keeps them as one string, and the form shows a box for each."""

    widget = CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        """Return the boxes to tick."""
        return value.split() if isinstance(value, str) else value

    def clean(self, value: Any) -> Any:
        """Return the string to keep."""
        return " ".join(super().clean(value))


class ClientForm(forms.ModelForm):  # type: ignore[type-arg]
    """What staff decide about a client. The rest is generated."""

    name = forms.CharField(max_length=255, validators=[printable])
    scopes = ScopesField(choices=Scope.choices, initial=DEFAULT_SCOPES)

    class Meta:
        model = ApiClient
        fields = ("mode", "scopes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["name"] = self.instance.name


@admin.register(ApiClient)
class ApiClientAdmin(StaffAdmin):
    """Clients. No page shows a secret or its hash, but for the page that hands the secret out."""

    form = ClientForm
    list_display = ("name", "mode", "state", "client_id", "scopes", "last_used", "created_at")
    list_filter = ("mode", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("application",)
    search_fields = ("application__name", "application__client_id__startswith")
    search_help_text = "A part of the name, or the beginning of a client id."
    ordering = ("application__name", "pk")
    actions_detail = ("renew_secret", "revoke")
    view_on_site = False

    def get_fields(self, request: HttpRequest, obj: ApiClient | None = None) -> tuple[str, ...]:
        """Return the fields. Once the client exists, those that were generated are among them."""
        mode = ("mode",) if conf.modes else ()
        return ("name", *mode, "scopes", *(MADE if obj else ()))

    def get_readonly_fields(
        self, request: HttpRequest, obj: ApiClient | None = None
    ) -> tuple[str, ...]:
        """Return the fields that can't be changed. The mode is one of them once the client exists.

        With another mode, the client would see the imports and records of that mode.
        """
        return ("mode", *MADE) if obj else ()

    @admin.display(description="state", ordering="revoked_at")
    def state(self, client: ApiClient) -> SafeString:
        """Return whether the client can do anything at all."""
        return label("Revoked", "danger") if client.revoked_at else label("Active", "success")

    @admin.display(description="last used", ordering="last_used_at")
    def last_used(self, client: ApiClient) -> str:
        """Return how long ago the client was last used, give or take a minute."""
        if client.last_used_at is None:
            return "never"
        seconds = (timezone.now() - client.last_used_at).total_seconds()
        return f"{duration(seconds, units=1)} ago" if seconds >= MINUTE else "within a minute"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Return the form with one way to save: next, the secret of a new client is shown."""
        context |= {"show_save_and_continue": False, "show_save_and_add_another": False}
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    def save_model(self, request: HttpRequest, obj: ApiClient, form: Any, change: Any) -> None:
        """Save the client. A new secret is kept in the request until the answer shows it."""
        name = form.cleaned_data["name"]
        if change:
            obj.rename(name)
            super().save_model(request, obj, form, change)
            return
        obj.mode = obj.mode or ONLY
        request.new_client_secret = obj.begin(name)  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: ApiClient, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the secret in the answer itself. A message would keep it in a cookie."""
        secret = request.new_client_secret  # type: ignore[attr-defined]
        return self.secret_page(request, obj, secret, title="The client is made")

    @action(  # type: ignore[untyped-decorator]
        description="Renew secret", permissions=["change"]
    )
    def renew_secret(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask first, then give the client another secret and show it."""
        client = self.found(request, object_id)

        def renew() -> HttpResponse:
            secret = client.renew_secret()
            record(request, client, StaffAction.RENEWED)
            return self.secret_page(request, client, secret, title="The secret is renewed")

        return self.confirmed(
            request,
            client,
            renew,
            title=f"Give {client.name} another secret?",
            question="The old secret gets no more tokens. Tokens in use work until they expire.",
            button="Renew secret",
        )

    @action(description="Revoke", permissions=["change"])  # type: ignore[untyped-decorator]
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask first, then revoke all tokens and the secret of the client."""
        client = self.found(request, object_id)

        def revoke() -> HttpResponse:
            client.revoke()
            record(request, client, StaffAction.REVOKED)
            return self.back_with(request, client, "Revoked: its tokens no longer work.")

        return self.confirmed(
            request,
            client,
            revoke,
            title=f"Revoke {client.name}?",
            question="Its tokens and its secret stop working at once. Its imports go on "
            "and stay; a new secret lets it in again.",
            button="Revoke",
        )

    def secret_page(
        self, request: HttpRequest, client: ApiClient, secret: str, *, title: str
    ) -> HttpResponse:
        """Return the only page that shows a secret. No cache keeps it."""
        template = "imports_app/admin/secret.html"
        return self.page(request, template, client, secret=secret, title=title)
