"""The page where failed rows are mended, checked again, and imported as the retry."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from imports_app.admin import failures
from imports_app.admin.audit import StaffAction, record, staff
from imports_app.admin.import_actions import ImportActions
from imports_app.admin.import_buttons import Button, failure_files, url_of
from imports_app.admin.mending.edits import Mending, Rule
from imports_app.admin.mending.files import take_file
from imports_app.admin.mending.grid import (
    edit,
    equal_cells,
    failed_with,
    grid_of,
    options_of,
)
from imports_app.database import atomic
from imports_app.exceptions import ApprovalNeeded, ImportsError, NothingToRetry
from imports_app.models import Import
from imports_app.models.status import FINAL
from imports_app.outputs import amounts
from imports_app.registry import importers
from imports_app.services.retrying import Mended, retry_import

CHECK = "admin:imports_app_import_check"
LONGEST_NUMBER = 10  # digits
MAX_MESSAGE = 300  # characters; failures.groups cuts messages at this length
KEPT = ("attribute", "message", "page")


class MendImport(ImportActions):
    """The page; a base of ImportAdmin."""

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """Return the page."""
        page = ("<uuid:object_id>/mend/", "imports_app_import_mend", self.mend)
        return (page, *super().get_custom_urls())

    def _buttons(self, request: HttpRequest, import_: Import) -> Any:
        if self.may_mend(request, import_):
            yield Button("Mend failed rows", url_of("mend", import_), "primary")
        yield from super()._buttons(request, import_)

    def may_mend(self, request: HttpRequest, import_: Import) -> bool:
        """Return whether there are failed rows that this user can mend."""
        return bool(
            import_.status in FINAL
            and import_.errors_count
            and not import_.is_undo
            and import_.resource_type in importers
            and self.has_run_permission(request)
            and import_.chunks.exists()
        )

    def mend(self, request: HttpRequest, object_id: UUID, **_: Any) -> HttpResponse:
        """Show the failed rows. On POST, take over the changes, and do what the button says."""
        self.require(request, "view")
        self.require(request, "run")
        import_ = self.found(request, str(object_id))
        if not self.may_mend(request, import_):
            message = "This import has no failed rows that could be mended."
            return self.back_with(request, import_, message, level=messages.WARNING)
        mending = Mending(staff(request), import_)
        if request.method == "POST":
            return self._asked(request, mending, request.POST.get("action", ""))
        return self._grid(request, mending)

    def import_mended(self, request: HttpRequest, mending: Mending) -> HttpResponse:
        """Import the mended rows as the retry. Raises ImportsError."""
        rows = Mended(source=mending.source(), options=mending.import_.file_options)
        return self._as_retry(request, mending.import_, rows, mending.kept.delete)

    def retry_as_checked(self, request: HttpRequest, check: Import) -> HttpResponse:
        """Import mended rows that have been checked, as the retry. Raises ImportsError."""
        first = check.retry_of
        if first is None:
            raise NothingToRetry
        return self._as_retry(request, first, Mended(check=check), check.drafts.all().delete)

    def _as_retry(
        self,
        request: HttpRequest,
        import_: Import,
        mended: Mended,
        forget: Callable[[], object],
    ) -> HttpResponse:
        with atomic():
            made = retry_import(
                import_=import_,
                caller=import_.caller,
                created_by=staff(request),
                mended=mended,
            )
            record(request, import_, StaffAction.RETRIED, f"as {made.pk}, with rows mended")
            forget()
        return self.back_with(request, made, "The mended rows are imported in their turn.")

    def _asked(self, request: HttpRequest, mending: Mending, action: str) -> HttpResponse:
        here = redirect(f"{url_of('mend', mending.import_)}?{_query(request.GET)}")
        try:
            if action == "file":
                self._take_file(request, mending)
                return here
            _take_over(mending, request.POST)
            mending.save()
            if action not in ("check", "import"):
                return here
            if action == "import" and not mending.import_.dry_run:
                return self.import_mended(request, mending)
            return self._checked(request, mending)
        except ApprovalNeeded:  # the second person will want to see a check first
            return self._checked(request, mending)
        except ImportsError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return here

    def _take_file(self, request: HttpRequest, mending: Mending) -> None:
        sent = request.FILES.get("file")
        if sent is None or sent.file is None:
            raise ImportsError("Choose the file with the mended rows.")
        count = take_file(mending, sent.file, sent.name or "")
        mending.save()
        message = f"Took over {amounts.rows(count)} from the file."
        self.message_user(request, message, messages.SUCCESS)

    def _checked(self, request: HttpRequest, mending: Mending) -> HttpResponse:
        source = mending.source()
        if not source.rows:
            raise ImportsError("Nothing has been mended yet: change a cell first.")
        with atomic():
            made = retry_import(
                import_=mending.import_,
                created_by=staff(request),
                mended=Mended(source, mending.import_.file_options, is_check=True),
            )
            record(
                request, made, StaffAction.DRY_RUN, f"with {amounts.rows(made.inputs_size)} mended"
            )
            mending.kept.last_check = made
            mending.save()
        return redirect(CHECK, made.pk)

    def _grid(self, request: HttpRequest, mending: Mending) -> HttpResponse:
        query, import_ = request.GET, mending.import_
        attribute, message = query.get("attribute", ""), query.get("message", "")[:MAX_MESSAGE]
        wanted = failed_with(mending, attribute, message)
        return self.page(
            request,
            "imports_app/admin/mending/mend.html",
            import_,
            title=f"Mend failed rows of {import_.resource_type}",
            mending=mending,
            grid=grid_of(mending, wanted, query.get("page"), _number(query.get("row", ""))),
            groups=[(group, _filter(group)) for group in failures.groups(import_)],
            attribute=attribute,
            message=message,
            equal=[] if wanted is None else equal_cells(mending, attribute, wanted),
            options=options_of(mending, attribute),
            mended_rows=sum(is_mended for _, _, is_mended in mending.rows()),
            failure_files=[*failure_files(import_)],
            kept=_query(query),
            filter_query=_query(query, *KEPT[:2]),
        )


def _take_over(mending: Mending, sent: QueryDict) -> None:
    """Take over what the form says about cells and rows. Raises DraftsFull."""
    shown = {n for each in sent.get("rows", "").split(",") if (n := _number(each)) is not None}
    texts: dict[int, dict[str, str]] = {}
    for name, text in sent.items():
        _, _, rest = name.partition("cell:")
        place, _, attribute = rest.partition(":")
        if (index := _number(place)) in shown and index is not None:
            texts.setdefault(index, {})[attribute] = str(text)
    edit(mending, texts)
    if shown:
        out = shown & {n for each in sent.getlist("out") if (n := _number(each)) is not None}
        kept = set(mending.edits.left_out) - shown
        mending.edits.left_out = sorted(kept | out)
    if sent.get("action") == "replace":
        mending.replace(Rule(sent.get("attribute", ""), sent.get("old", ""), sent.get("new", "")))


def _query(query: QueryDict, *names: str) -> str:
    kept = QueryDict(mutable=True)
    for name in names or KEPT:
        if value := query.get(name):
            kept[name] = value
    return kept.urlencode()


def _filter(group: failures.Group) -> str:
    query = QueryDict(mutable=True)
    query["attribute"], query["message"] = group.attribute, group.message
    return query.urlencode()


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else None
