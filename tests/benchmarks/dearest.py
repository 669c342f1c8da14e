"""How long the dearest values hold a worker: `python -m tests.benchmarks.dearest`.

For each value a chunk full of it is validated as a batch is, without a database; the target is 2 s.
"""

import os
import sys
from collections.abc import Iterator
from time import process_time

import msgspec

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

TARGET = 2.0  # seconds

# Resource type, attribute, value.
VALUES = {
    "regex: wide sets": ("sku_lists", "sku_code_regex", "(?i)[" + "Ā-\uffff" * 30 + "]"),
    "regex: groups in groups": ("sku_lists", "sku_code_regex", "(" * 2_400 + ")" * 2_400),
    "regex: groups in a row": ("sku_lists", "sku_code_regex", "(a*)" * 1_200),
    "regex: sets not closed": ("sku_lists", "sku_code_regex", "[" * 5_000),
    "regex: repeats": ("sku_lists", "sku_code_regex", "(a{9,99}){9,99}" * 300),
    "name: marks on a letter": ("skus", "code", "a" + "\u0301\u0316" * 200_000),
    "name: blanks": ("skus", "code", " " * 400_000 + "a" + "\u200b" * 200_000),
    "email: labels": ("customers", "email", "a@" + "b." * 200_000),
    "tags: names": ("skus", "_add_tags", "a," * 400_000),
    "tags: objects": ("skus", "tags", [{"name": "a"}] * 50_000),
    "metadata: nesting": ("skus", "metadata", {"a": [[[[[[[[[[{}]]]]]]]]]] * 40_000}),
    "metadata: numbers": ("skus", "metadata", {"a": [10**299] * 3_000}),
    "children: no objects": ("prices", "price_tiers", [1] * 400_000),
    "amount: digits": ("prices", "amount_cents", 10**299),
    "weight: digits": ("skus", "weight", 10**299),
    "moment: text": ("gift_cards", "expires_at", "2" * 900_000),
    "text: blanks": ("skus", "name", " " * 900_000),
    "number: text": ("skus", "weight", "9" * 900_000),
}


def measures() -> Iterator[tuple[str, int, float]]:
    """Each value's name, how many rows of it a chunk holds, and the seconds that they take."""
    from imports_app.conf import conf
    from imports_app.engine.reading import read
    from imports_app.engine.types.schema import schema_for
    from imports_app.models import Format, ImportChunk
    from imports_app.registry import importers
    from imports_app.storage.chunks import cut

    for name, (resource_type, attribute, value) in VALUES.items():
        schema = schema_for(importers.get(resource_type))
        for format_ in (Format.JSON, Format.CSV):
            if format_ == Format.CSV and not isinstance(value, str):
                continue
            row = msgspec.json.encode({attribute: value})
            rows = next(cut([row] * conf.chunk_rows))
            text = b"[%s]" % b",".join(map(bytes, rows))
            chunk = ImportChunk(first_row=0, rows=len(rows), inputs=text)
            start = process_time()
            read(schema, chunk, 0, len(rows), format_=format_)
            yield f"{name} ({format_})", len(rows), process_time() - start


def main() -> None:
    """Print a line for each value, and the dearest at the end."""
    import django

    django.setup()
    dearest = 0.0
    for name, rows, seconds in measures():
        dearest = max(dearest, seconds)
        sys.stdout.write(f"{name:40} {rows:>6,} rows {seconds:8.3f} s\n")
    sys.stdout.write(f"{'the dearest':52} {dearest:8.3f} s, at most {TARGET:.0f}\n")


if __name__ == "__main__":
    main()
