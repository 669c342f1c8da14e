"""The verdict on a dry run that is over: what it found, and what can be done now."""

import re
from typing import NamedTuple

from imports_app.admin.undo import sentence_of
from imports_app.conf import conf
from imports_app.exceptions import ImportsError, InputsPruned
from imports_app.models import Import, Mode
from imports_app.models.status import Status
from imports_app.outputs import amounts

OUTDATED = (
    "Nothing was imported: records changed after the check, so that it no longer says what the "
    "import would do. Check again to see what would happen now, or import the rows into the "
    "records as they are."
)
ALL_THE_SAME = "Go on without the comparison"


class Verdict(NamedTuple):
    """What a dry run found, and the text of the button to press; "" if there is no button.

    `confirm` is a number that has to be typed first; None if pressing the button is enough.
    """

    sentence: str
    button: str = ""
    variant: str = "primary"
    tone: str = ""
    confirm: int | None = None

    def asking(self) -> "Verdict":
        """Return the same for an import that needs approval: the button asks for it."""
        sentence = f"{self.sentence} It needs the approval of a second person."
        return self._replace(sentence=sentence, button=f"Ask for approval: {self.button}")


def verdict_of(import_: Import) -> Verdict:
    """Return the verdict on a dry run that is over. Its rows must be kept."""
    size, failed = import_.inputs_size, import_.errors_count
    if import_.all_or_nothing and failed:
        sentence = f"{amounts.rows_of(failed, size)} would fail, so nothing would be imported."
        return Verdict(sentence, tone="bad")
    if import_.status == Status.INTERRUPTED:
        sentence = f"The dry run stopped after {amounts.rows_of(import_.rows_done, size)}."
        return Verdict(sentence, "Import anyway", "danger", "bad", to_confirm(import_))
    too_many = failed > size * conf.error_percent / 100
    sentences = [f"{amounts.rows_of(failed, size)} would fail." if failed else "No row would fail."]
    if destroyed := import_.destroyed_count:
        sentences.append(f"{amounts.records(destroyed)} would be destroyed.")
    return Verdict(
        " ".join(sentences),
        _button(size - failed, destroyed),
        "danger" if destroyed or too_many else "primary",
        "bad" if destroyed or failed else "",
        to_confirm(import_),
    )


def verdict_of_undo(import_: Import) -> Verdict:
    """Return the verdict on the dry run of an undo, which has no rows."""
    destroyed = import_.destroyed_count
    if import_.status == Status.INTERRUPTED:
        return Verdict(
            "The dry run stopped before its end, so it can't say what the undo would do.",
            tone="bad",
        )
    if not import_.created_count + import_.updated_count + destroyed:
        return Verdict("Every record has changed since: there is nothing to restore.", tone="bad")
    title = f"Undo and destroy {amounts.records(destroyed)}" if destroyed else "Undo"
    tone = "bad" if destroyed else ""
    return Verdict(sentence_of(import_), title, "danger", tone, to_confirm(import_))


def verdict_of_outdated(check: Import) -> Verdict:
    """Return the verdict on a check that no longer held when its import began."""
    if not check.chunks.exists():
        return Verdict(str(InputsPruned()), tone="bad")
    return Verdict(OUTDATED, ALL_THE_SAME, "danger", "bad", to_confirm(check))


def _button(left: int, destroyed: int) -> str:
    """Return a text that says all that the button does."""
    title = f"Import {amounts.rows(left)}"
    return f"{title} and destroy {amounts.records(destroyed)}" if destroyed else title


def to_confirm(import_: Import) -> int | None:
    """Return the number that has to be typed: how many live records would be destroyed."""
    destroys = import_.mode == Mode.LIVE and import_.destroyed_count
    return import_.destroyed_count if destroys else None


def check_confirmed(import_: Import, typed: str) -> None:
    """Raise ImportsError unless the number that has to be typed was typed."""
    number = to_confirm(import_)
    if number is not None and re.sub(r"[\s,.]", "", typed) != str(number):
        raise ImportsError(f"Type {number} to have {amounts.records(number)} destroyed.")
