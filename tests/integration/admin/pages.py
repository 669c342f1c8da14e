"""Addresses and uploads of the pages for new imports."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from imports_app.admin.drafting.draft import Draft
from imports_app.models import Import, ImportDraft

NEW = reverse("admin:imports_app_import_new_import")
CSV = b"code,name,weight\nA,Mug,1.5\nB,Cup,2\n"


def url(page: str, import_: Import) -> str:
    return reverse(f"admin:imports_app_import_{page}", args=[import_.pk])


def begin(client: Client, content: bytes | None = CSV, **fields: Any) -> Any:
    """The answer to the page that makes a draft of a file, or of a `text`."""
    name = fields.pop("name", "mugs.csv")
    form = {"resource_type": "skus", **fields}
    if content is not None:
        form["file"] = SimpleUploadedFile(name, content)
    return client.post(NEW, form)


def send(
    client: Client, content: bytes | None = CSV, *, name: str = "mugs.csv", **fields: Any
) -> Any:
    """The answer to a file that went through all steps at once, as what was understood of it.

    It is one of skus, or another `resource_type`, and is asked for in test mode, dry.
    """
    own = {key: fields.pop(key) for key in ("resource_type", "text") if key in fields}
    answer = begin(client, content, name=name, **own)
    if answer.status_code != 302:
        return answer
    return client.post(f"{answer.headers['Location']}match/", order(**fields), follow=False)


def order(**fields: Any) -> dict[str, Any]:
    """What the step of the columns asks for: a check in test mode, unless it is said otherwise."""
    form = {"action": "check", "mode": "test", "dry_run": "on", **fields}
    return {field: value for field, value in form.items() if value is not None}


def errors(answer: Any) -> dict[str, list[str]]:
    """What the form complains of, by field."""
    assert answer.status_code == 200
    return {name: list(found) for name, found in answer.context["form"].errors.items()}


def draft() -> Draft:
    """The only one, as its maker sees it."""
    return Draft(ImportDraft.objects.get())


def troubles() -> list[str]:
    """Why no import can be made of the only draft."""
    return [trouble.message for trouble in draft().state.troubles]


def only_import() -> Import:
    return Import.objects.get()
