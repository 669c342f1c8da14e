"""The section of an import's page that shows its diff."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from imports_app.admin import failures
from imports_app.admin.diff import changed, columns, untouched
from imports_app.admin.diff.tables import Table, tables
from imports_app.admin.diff.tabs import ACTIONS, Choice, Tab, choices, chosen
from imports_app.exceptions import ChangesNotKept
from imports_app.models import Import, RowWarning
from imports_app.models.status import FINAL
from imports_app.outputs.changes import UNREADABLE, why_unreadable

MAX_SEARCH = 255  # characters, as keys have at most
WARNINGS_A_PAGE = 50
INDEX_DIGITS = 9

T = TypeVar("T")


class Diff:
    """The part of an import's changes that the page's query asks for. Nothing else is read.

    The query says which `tab` to show, which text `q` to search for, and where the tab's page
    begins (`from`). It may have the parameters of failures.page_of, too.
    """

    def __init__(self, import_: Import, query: Mapping[str, str]) -> None:
        self.import_ = import_
        self.query = query
        self.tab = chosen(import_, query.get("tab", ""))
        self.search = query.get("q", "")[:MAX_SEARCH].replace("\0", "")
        self.problem = ""

    @property
    def choices(self) -> list[Choice]:
        """The tabs."""
        return choices(self.import_)

    @property
    def total(self) -> int:
        """The number of the tab's rows."""
        return next(choice.total for choice in self.choices if choice.tab is self.tab)

    @cached_property
    def is_kept(self) -> bool:
        """Whether changes were kept, so that they can be downloaded."""
        return self.import_.kept_changes.exists()

    @property
    def has_changes(self) -> bool:
        """Whether the tab shows records."""
        return self.tab in ACTIONS

    @cached_property
    def _page(self) -> changed.Page:
        if self.total and not self.is_kept:
            self.problem = str(ChangesNotKept())
        start = changed.Cursor.of(self._start)
        empty = changed.Page([], None)
        return self._read(
            lambda: changed.page_of(self.import_, Tab(self.tab), start, self.search), empty
        )

    @cached_property
    def tables(self) -> list[Table]:
        """The records of the page."""
        return tables(self._page.entries) if self.has_changes else []

    @cached_property
    def columns(self) -> columns.Columns | None:
        """The changes by column, on the first page of changed records."""
        if self.tab is not Tab.CHANGED or not self.total or self.search or self._start:
            return None
        return self._read(lambda: columns.columns_of(self.import_), None)

    @cached_property
    def untouched(self) -> untouched.Page | None:
        """The rows that changed nothing. An undo has no rows."""
        if self.tab is not Tab.UNCHANGED or self.import_.is_undo:
            return None
        start = int(self._start) if self._is_index else 0
        empty = untouched.Page([], None)
        return self._read(lambda: untouched.page_of(self.import_, start, self.search), empty)

    @cached_property
    def left(self) -> Page[RowWarning] | None:
        """Why an undo left records as they are."""
        if self.tab is not Tab.UNCHANGED or not self.import_.is_undo:
            return None
        warnings = self.import_.warnings.filter(index=None, key__icontains=self.search)
        return Paginator(warnings, WARNINGS_A_PAGE).get_page(self.query.get("from"))

    @cached_property
    def failed(self) -> Page[failures.FailedRow] | None:
        """The failed rows of the page."""
        if self.tab is not Tab.FAILED or not self.import_.errors_count:
            return None
        return failures.page_of(self.import_, self.query)

    @property
    def following(self) -> str:
        """The query of the tab's next page; empty if there is none."""
        if self.has_changes:
            start: Any = self._page.following
        elif self.untouched:
            start = self.untouched.following
        else:
            start = self.left.next_page_number() if self.left and self.left.has_next() else None
        return "" if start is None else self._query(str(start))

    @property
    def beginning(self) -> str:
        """The query of the tab's first page; empty if this is the first page."""
        return self._query("") if self._start else ""

    @property
    def _start(self) -> str:
        return self.query.get("from", "")

    @property
    def _is_index(self) -> bool:
        text = self._start
        return text.isascii() and text.isdigit() and len(text) <= INDEX_DIGITS

    def _query(self, start: str) -> str:
        query = QueryDict(mutable=True)
        parts = {"tab": self.tab.value, "q": self.search, "from": start}
        query.update({name: value for name, value in parts.items() if value})
        return query.urlencode()

    def _read(self, read: Callable[[], T], otherwise: T) -> T:
        """Return what `read` returns. If that fails, set `problem` and return `otherwise`."""
        try:
            return read()
        except UNREADABLE as error:
            self.problem = why_unreadable(error)
        return otherwise


def diff_of(import_: Import, query: Mapping[str, str]) -> Diff | None:
    """Return the diff of the import; None as long as it isn't over."""
    return Diff(import_, query) if import_.status in FINAL else None
