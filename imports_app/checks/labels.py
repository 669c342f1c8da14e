"""Check the labels that an importer declares for the columns of files."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.checks import CheckMessage

from imports_app.checks.messages import error, meant
from imports_app.importer import Importer
from imports_app.inputs.names import plain


def check_labels(importer: Importer, hints: Mapping[str, Any]) -> Iterator[CheckMessage]:
    """Check that each label belongs to exactly one attribute of a row."""
    owners = {plain(name): name for name in hints}
    known = {"id", "tags", *hints, *importer.children}
    for attribute, labels in importer.labels.items():
        if attribute not in known and not _names_a_relation(importer, attribute):
            yield error(
                importer,
                51,
                f"there are labels for {attribute}, which is no attribute",
                hint=f"{meant(attribute, known)}Declare labels for attributes of a row.",
            )
        for label in labels:
            owner = owners.setdefault(plain(label), attribute)
            if owner != attribute or not plain(label):
                yield error(
                    importer,
                    51,
                    f"the label '{label}' of {attribute} can't be told apart from {owner}",
                    hint="Case, blanks, `_` and `-` don't count: each label must be unambiguous.",
                )


def _names_a_relation(importer: Importer, attribute: str) -> bool:
    return any(attribute.startswith(f"{name}_") for name in importer.relations)
