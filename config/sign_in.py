"""How staff sign in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from unfold.forms import AuthenticationForm

from imports_app.limits.guessing import Busy, TooManyFailures, attempt, hashing

BUSY_SECONDS = 2
# A plain page: rendering the form is too expensive while somebody floods it.
PAGE = """<!doctype html>
<html lang="en"><title>Sign in</title><p>{}</p><p><a href="{}">Back to the form</a></p></html>
"""


class SignInForm(AuthenticationForm):  # type: ignore[misc]
    """Checks no password after too many wrong ones, and only a few at a time."""

    def clean(self) -> Any:
        """See Django. Counts failures; raises TooManyFailures or Busy, too."""
        name = str(self.cleaned_data.get("username", "")).casefold()
        current = attempt(self.request, "staff", name)
        try:
            with hashing(current):
                return super().clean()
        except ValidationError:
            current.failed()
            raise


def too_many_requests(request: HttpRequest, reason: TooManyFailures | Busy) -> HttpResponse:
    """Return a 429 with the reason."""
    seconds = reason.seconds if isinstance(reason, TooManyFailures) else BUSY_SECONDS
    page = format_html(PAGE, str(reason), request.get_full_path())
    return HttpResponse(page, status=429, headers={"Retry-After": str(seconds)})
