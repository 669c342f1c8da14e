"""How staff sign in."""

from typing import Any

from django.core.exceptions import ValidationError
from unfold.forms import AuthenticationForm

from imports_app.guessing import Busy, TooManyFailures, attempt, hashing


class SignInForm(AuthenticationForm):  # type: ignore[misc]
    """Looks at no password after too many wrong ones, and at few at a time."""

    def clean(self) -> Any:
        """See Django. Counts what fails."""
        name = str(self.cleaned_data.get("username", "")).casefold()
        try:
            made = attempt(self.request, "staff", name)
            with hashing(made):
                return super().clean()
        except (TooManyFailures, Busy) as reason:
            raise ValidationError(str(reason), code="too_many") from reason
        except ValidationError:
            made.failed()
            raise
