"""The base classes of the staff pages: Unfold's if it is installed, else Django's own."""

from typing import Any

from django.utils.module_loading import import_string

from imports_app.templatetags.imports_admin import IS_UNFOLD, label

__all__ = ["IS_UNFOLD", "CheckboxSelectMultiple", "ModelAdmin", "action", "label"]


def _either(unfold: str, plain: str) -> Any:
    return import_string(unfold if IS_UNFOLD else plain)


ModelAdmin: Any = _either("unfold.admin.ModelAdmin", "imports_app.admin.plain.ModelAdmin")
action: Any = _either("unfold.decorators.action", "imports_app.admin.plain.action")
CheckboxSelectMultiple: Any = _either(
    "unfold.widgets.UnfoldAdminCheckboxSelectMultipleWidget", "django.forms.CheckboxSelectMultiple"
)
