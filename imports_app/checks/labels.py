"""What is wrong with what an importer calls the columns of files."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.checks import CheckMessage

from imports_app.checks.messages import error, meant
from imports_app.importer import Importer
from imports_app.inputs.names import plain


def check_labels(importer: Importer, hints: Mapping[str, Any]) -> Iterator[CheckMessage]:
    """Check whether each label leads to one attribute that a row may have."""
    owners = {plain(name): name for name in hints}
    known = {"id", "tags", *hints, *importer.children}
    for attribute, labels in importer.labels.items():
        if attribute not in known and not _names_a_relation(importer, attribute):
            yield error(
                importer,
                51,
                f"the labels of {attribute} lead to no attribute",
                hint=f"{meant(attribute, known)}Declare labels of what a row may have.",
            )
        for label in labels:
            owner = owners.setdefault(plain(label), attribute)
            if owner != attribute or not plain(label):
                yield error(
                    importer,
                    51,
                    f"the label '{label}' of {attribute} can't be told apart from {owner}",
                    hint="Case, blanks, `_` and `-` don't count: a label is that of one attribute.",
                )


def _names_a_relation(importer: Importer, attribute: str) -> bool:
    return any(attribute.startswith(f"{name}_") for name in importer.relations)
