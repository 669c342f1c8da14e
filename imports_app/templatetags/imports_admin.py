"""Parts of the staff pages, in the look of Unfold where it is installed, else of Django's admin."""

from typing import Any

from django import template
from django.apps import apps
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

IS_UNFOLD = apps.is_installed("unfold")
LOOK = "unfold" if IS_UNFOLD else "plain"

register = template.Library()


@register.simple_tag(name="part_template")
def part(name: str) -> str:
    """Return the template of a part of a page, such as a button."""
    return f"imports_app/admin/parts/{LOOK}/{name}.html"


@register.simple_tag
def label(text: str, colour: str) -> SafeString:
    """Return a word that stands out. Colours: success, info, warning, danger, default."""
    return render_to_string(part("label"), {"text": text, "type": colour})


@register.simple_tag
def is_plain() -> bool:
    """Return whether the pages bring their styles along; Unfold's settings name them otherwise."""
    return not IS_UNFOLD


@register.simple_block_tag
def part_of(content: SafeString, of: str, **context: Any) -> SafeString:
    """Return a part, such as a button or a card, around what the block holds."""
    return render_to_string(part(of), {**context, "children": content})
