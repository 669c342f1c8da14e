"""What the benchmarks make of their samples; tests/acceptance/test_benchmarks.py runs them."""

from typing import Any

import pytest

from tests.benchmarks.harness import Line, Target, at_least, at_most, interleaved, rates
from tests.benchmarks.rows import expected, mixed, row, valid
from tests.benchmarks.table import table


def line(**changes: Any) -> dict[str, Any]:
    return {**rates("a : b", {"a": [1.0], "b": [2.0]}, rows=100).as_json("sqlite"), **changes}


def test_runs_take_turns_and_every_other_round_goes_backwards() -> None:
    order: list[str] = []

    def run(name: str) -> float:
        order.append(name)
        return float(len(order))

    samples = interleaved(2, {"a": lambda: run("a"), "b": lambda: run("b")})

    assert order == ["a", "b", "b", "a"]
    assert samples == {"a": [1.0, 4.0], "b": [2.0, 3.0]}


def test_a_rate_is_that_of_the_median_round_and_of_the_rows_each_was_given() -> None:
    samples = {"ours": [1.0, 2.0, 9.0], "slow": [4.0, 5.0, 6.0]}

    found = rates("ours : slow", samples, rows=100, reference_rows=10)

    assert (found.ours, found.reference, found.ratio) == (50, 2, 25)


@pytest.mark.parametrize(
    ("target", "ratio", "met"),
    [
        (at_least(2), 2.0, True),
        (at_least(2), 1.9, False),
        (at_most(2), 2.0, True),
        (at_most(2), 2.1, False),
    ],
)
def test_a_target_is_met_at_its_bound_and_on_the_right_side(
    target: Target, ratio: float, *, met: bool
) -> None:
    assert Line("x", 1, 1, "ms", ratio, target).as_json("sqlite")["met"] is met


def test_half_of_the_rows_are_new_and_each_twentieth_is_invalid() -> None:
    rows = mixed(200)
    before = [row(number) for number in range(100)]

    assert len(valid(rows)) == 190
    assert len({each["code"] for each in rows}) == 200
    assert sum(each["code"] in {old["code"] for old in before} for each in rows) == 100
    assert 190 <= len(expected(before, rows)) <= 200


def test_the_table_says_which_target_was_missed() -> None:
    missed = line(target="≥ 1", met=False)

    shown = " ".join(table([missed]).splitlines()[1].split())
    assert shown == "sqlite a : b 100 100 50 rows/s 2 ≥ 1 NO"


def test_the_chart_has_a_bar_for_each_contender_of_each_backend() -> None:
    from tests.benchmarks.chart import draw  # with matplotlib, which takes half a second

    measures = [
        line(backend=backend, name=f"POST to completed : {other}")
        for backend in ("postgresql", "sqlite")
        for other in ("floor", "update_or_create a row")
    ]
    about = {"cores": 2, "cpu": "x", "python": "3.11", "at": "2026-01-01T00:00:00"}

    figure = draw({"machine": about, "measures": measures})

    assert [len(panel.patches) for panel in figure.axes] == [3, 3]
