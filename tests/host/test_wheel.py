"""What is in the wheel."""

import sys
from pathlib import Path
from zipfile import ZipFile

from tests.host.environment import ROOT, run


def test_twine_finds_nothing_wrong_with_it_or_its_source(wheel: Path) -> None:
    files = [str(file) for file in wheel.parent.iterdir()]
    said = run(sys.executable, "-m", "twine", "check", "--strict", *files, cwd=ROOT)
    assert (len(files), said.count("PASSED")) == (2, 2)


def test_the_wheel_has_only_the_app(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"imports_app"}


def test_the_wheel_has_every_file_of_the_app(wheel: Path) -> None:
    files = {str(path.relative_to(ROOT)) for path in (ROOT / "imports_app").rglob("*.*")}
    assert {name for name in files if "__pycache__" not in name} <= {*ZipFile(wheel).namelist()}
