"""Records as files, over HTTP."""

from collections.abc import Iterator

from tests.benchmarks import store
from tests.benchmarks.bench import Bench, measure
from tests.benchmarks.harness import Line, Run, Seconds, rates, timed
from tests.benchmarks.rows import row
from tests.benchmarks.service import Caller, bare_service

RECORDS = "/api/skus"
TABLE = "text/csv"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@measure()
def export(bench: Bench) -> Iterator[Line]:
    """All records as CSV and as a spreadsheet, against a bare view that gives them as JSON."""
    count = bench.scale.import_rows
    store.reset([row(number) for number in range(count)])
    with bare_service(bench) as running:
        samples = bench.interleaved(
            csv=_fetching(running.caller, RECORDS, TABLE, count),
            xlsx=_fetching(running.caller, RECORDS, SHEET, 1),
            bare=_fetching(running.caller, f"/bare/records?size={count}", "*/*", 1),
        )
    for name in ("csv", "xlsx"):
        pair = {name: samples[name], "bare": samples["bare"]}
        yield rates(f"export as {name} : values()", pair, rows=count)


def _fetching(caller: Caller, path: str, media_type: str, lines: int) -> Run:
    def run() -> Seconds:
        answers: list[bytes] = []
        seconds = timed(
            lambda: answers.append(caller.request("GET", path, headers={"Accept": media_type}))
        )
        assert answers[0].count(b"\n") >= lines or lines == 1, answers[0][:500]
        return seconds

    return run
