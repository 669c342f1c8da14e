"""A file taken in by each of the ways that there are, to the end of its import."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from imports_app.admin.drafting.draft import Draft
from imports_app.models import Import, ImportDraft
from imports_app.storage.log import errors_log, warnings_log
from tests.integration.admin.pages import begin, order
from tests.integration.api.caller import Caller
from tests.running import run_to_end


@dataclass(frozen=True)
class Taken:
    """An import that is at its end, or why there is none."""

    import_: Import | None = None
    refusal: str = ""

    @property
    def errors(self) -> Any:
        assert self.import_ is not None, self.refusal
        return errors_log(self.import_)

    @property
    def warnings(self) -> list[str]:
        assert self.import_ is not None, self.refusal
        return [message for messages in warnings_log(self.import_).values() for message in messages]

    @property
    def file(self) -> Any:
        assert self.import_ is not None, self.refusal
        return self.import_.file


Take = Callable[..., Taken]


class Way(Protocol):
    """Takes a file in, with the options that it needs."""

    def __call__(
        self, caller: Caller, path: Path, type_: str, *, cleanup: bool, options: dict[str, Any]
    ) -> Taken: ...


def by_api(
    caller: Caller, path: Path, type_: str, *, cleanup: bool, options: dict[str, Any]
) -> Taken:
    """Send the file as a body."""
    query = {"resource_type": type_, "skip_errors": "true"}
    query |= {"cleanup_records": "true"} if cleanup else {}
    for name, value in options.items():
        if isinstance(value, dict):
            query |= {f"file_options[{name}][{inner}]": one for inner, one in value.items()}
        else:
            query[f"file_options[{name}]"] = value
    answer = caller.post(
        f"/api/imports?{urlencode(query)}",
        path.read_bytes(),
        media_type="application/octet-stream",
        Content_Disposition=f"attachment; filename={path.name}",
    )
    if answer.status != 201:
        return Taken(refusal=answer.error["title"] + answer.error["detail"])
    return Taken(run_to_end(Import.objects.get(pk=answer.data["id"])))


def by_command(
    caller: Caller, path: Path, type_: str, *, cleanup: bool, options: dict[str, Any]
) -> Taken:
    """Name the file to the command."""
    arguments = ["--mode", caller.mode, "--skip-errors", "--json"]
    arguments += ["--cleanup"] if cleanup else []
    for name, value in options.items():
        if isinstance(value, dict):
            arguments += [f"--column={inner}={one}" for inner, one in value.items()]
        else:
            arguments.append(f"--{name}={value}")
    out = StringIO()
    try:
        call_command("import_file", type_, str(path), *arguments, stdout=out)
    except CommandError as reason:
        return Taken(refusal=str(reason))
    return Taken(run_to_end(Import.objects.get(pk=json.loads(out.getvalue())["id"])))


def by_staff(
    caller: Caller, path: Path, type_: str, *, cleanup: bool, options: dict[str, Any]
) -> Taken:
    """Drop the file on the staff page, say what is given, and go through the steps without the
    check.
    """
    assert not cleanup  # needs a check before, which is tested where the pages are
    client = Client()
    client.force_login(_superuser())
    said = {name: value for name, value in options.items() if name != "columns"}
    answer = begin(client, path.read_bytes(), name=path.name, resource_type=type_)
    if answer.status_code != 302:
        return Taken(refusal=str(answer.context["form"].errors))
    read = answer.headers["Location"]
    if said:
        client.post(read, {"action": "look", "resource_type": type_, **said})
    draft = Draft(ImportDraft.objects.latest("created_at"))
    columns = options.get("columns", {})
    header = draft.state.survey.header if draft.state.survey else []
    chosen = {f"attribute-{header.index(name)}": to for name, to in columns.items()}
    form = order(mode=caller.mode, dry_run=None, skip_errors="on", **chosen)
    before = set(Import.objects.values_list("pk", flat=True))
    client.post(f"{read}match/", form)
    made = Import.objects.exclude(pk__in=before).first()
    if made is None:
        draft = Draft(ImportDraft.objects.latest("created_at"))
        return Taken(refusal=" ".join(trouble.message for trouble in draft.state.troubles))
    return Taken(run_to_end(made))


def _superuser() -> User:
    user, _ = User.objects.get_or_create(username="files", is_staff=True, is_superuser=True)
    return user


WAYS: dict[str, Way] = {"api": by_api, "command": by_command, "staff": by_staff}
