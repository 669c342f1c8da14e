"""Addresses and uploads of the pages for new imports."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from imports_app.models import Import

NEW = reverse("admin:imports_app_import_new_import")
CSV = b"code,name,weight\nA,Mug,1.5\nB,Cup,2\n"


def url(page: str, import_: Import) -> str:
    return reverse(f"admin:imports_app_import_{page}", args=[import_.pk])


def send(
    client: Client, content: bytes | None = CSV, *, name: str = "mugs.csv", **fields: Any
) -> Any:
    """The answer to the form for skus, or another `resource_type`, in test mode, dry."""
    resource_type = fields.pop("resource_type", "skus")
    form = {"mode": "test", "dry_run": "on", **fields}
    if content is not None:
        form["file"] = SimpleUploadedFile(name, content)
    form = {field: value for field, value in form.items() if value is not None}
    return client.post(f"{NEW}?resource_type={resource_type}", form)


def errors(answer: Any) -> dict[str, list[str]]:
    """What the form complains of, by field."""
    assert answer.status_code == 200
    return {name: list(found) for name, found in answer.context["form"].errors.items()}


def made() -> Import:
    return Import.objects.get()
