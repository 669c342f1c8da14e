"""The ARIA landmark that Unfold's page layout lacks, for screen readers."""

import re

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# In the layout of the pages of users who are signed in, and in that of the sign-in page.
FRAMES = re.compile(r'<div (id="main"|id="page"(?!.*<div id="main"))', re.DOTALL)


@register.filter
def with_main(frame: SafeString) -> SafeString:
    """Return the layout with its content marked as `main`, where the skip link leads."""
    marked = FRAMES.sub('<div role="main" tabindex="-1" id="main"', frame, count=1)
    return mark_safe(marked)  # noqa: S308  (as safe as it was)
