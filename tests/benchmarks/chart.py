"""The chart of the README: `python -m tests.benchmarks.chart RESULTS.json CHART.svg`."""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

OURS, OTHERS, LIMIT = "#2563eb", "#9ca3af", "#111827"
TITLES = {"postgresql": "PostgreSQL + Redis", "sqlite": "SQLite, embedded broker"}
PREFIX = "POST to completed : "
NAMES = {"floor": "the driver alone, nothing validated"}

# The same results draw the same file; text stays text, in the reader's own font.
mpl.rcParams |= {"svg.hashsalt": "imports", "svg.fonttype": "none", "font.family": "sans-serif"}


def bars(results: Iterable[Mapping[str, Any]], backend: str) -> list[tuple[str, float, str]]:
    """Name, rows per second and colour of each contender on that backend, the fastest first."""
    found: dict[str, tuple[str, float, str]] = {}
    for line in results:
        if line["backend"] == backend and line["name"].startswith(PREFIX):
            found["ours"] = ("this, from POST to completed", line["ours"], OURS)
            other = line["name"].removeprefix(PREFIX)
            colour = LIMIT if other == "floor" else OTHERS
            found[other] = (NAMES.get(other, other), line["reference"], colour)
    return sorted(found.values(), key=lambda bar: -bar[1])


def draw(document: Mapping[str, Any]) -> Figure:
    """Draw a panel for each backend, side by side."""
    shown = [name for name in TITLES if bars(document["measures"], name)]
    figure = Figure(figsize=(11, 3.2), layout="constrained")
    panels = figure.subplots(1, len(shown), squeeze=False)[0]
    for axes, backend in zip(panels, shown, strict=True):
        _panel(axes, TITLES[backend], bars(document["measures"], backend))
    about = document["machine"]
    note = f"{about['cores']} cores, {about['cpu']}, Python {about['python']}; {about['at'][:10]}"
    figure.supxlabel(f"rows per second ({note})", fontsize=8, color="#6b7280")
    return figure


def _panel(axes: Axes, title: str, contenders: list[tuple[str, float, str]]) -> None:
    names, rates, colours = zip(*contenders, strict=True)
    drawn = axes.barh(names, rates, color=colours)
    axes.bar_label(drawn, [f"{rate:,.0f}" for rate in rates], padding=3, fontsize=8)
    axes.invert_yaxis()
    axes.set_title(title, fontsize=10, loc="left")
    axes.set_xlim(0, 1.18 * max(rates))
    axes.set_xticks([])
    axes.tick_params(axis="y", length=0, labelsize=8)
    axes.spines[:].set_visible(False)


def main(results: Path, chart: Path) -> None:
    figure = draw(json.loads(results.read_text()))
    figure.patch.set_facecolor("white")  # legible on a dark page
    figure.savefig(chart, metadata={"Date": None})


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
