"""The benchmarks run, whatever they would say: at the tiniest scale nothing is worth timing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.env import BASE_DIR

MEASURES = "engine,end_to_end,posting,failing,files,cleanup,pending_imports"
# To `turns` the database doesn't matter, and it starts a service of its own.
ON = {"postgresql": f"{MEASURES},turns", "sqlite": MEASURES}


@pytest.mark.parametrize(("backend", "measures"), ON.items(), ids=ON)
def test_the_command_measures_and_finds_all_records_right(
    backend: str, measures: str, tmp_path: Path
) -> None:
    results = tmp_path / "results.json"
    command = [sys.executable, "-m", "tests.benchmarks", "--backend", backend]
    options = ["--scale", "tiny", "--rounds", "1", "--only", measures, "--json", str(results)]

    done = subprocess.run(
        [*command, *options],
        cwd=BASE_DIR,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    measured = json.loads(results.read_text())["measures"]
    assert {
        "engine, changes not kept : floor",
        "engine, every default : floor",
        "POST to completed : floor",
        "POST : bare view",
    } <= {each["name"] for each in measured}
    assert all(each["ratio"] > 0 for each in measured)
    assert f"{backend}  engine, every default : floor" in done.stdout
