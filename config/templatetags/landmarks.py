"""What Unfold's frame of a page lacks for those who don't see it."""

import re

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Of the page of those who are signed in, and of the one to sign in.
FRAMES = re.compile(r'<div (id="main"|id="page"(?!.*<div id="main"))', re.DOTALL)


@register.filter
def with_main(frame: SafeString) -> SafeString:
    """Return the frame with its content marked as such; the skip link leads there."""
    marked = FRAMES.sub('<div role="main" tabindex="-1" id="main"', frame, count=1)
    return mark_safe(marked)  # noqa: S308  (as safe as it was)
