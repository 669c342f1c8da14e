"""For each attribute of a type what makes its values of the cells of one file."""

from collections.abc import Mapping
from typing import Any

from imports_app.inputs.casting import Cast, Misfit, cast_of, shown
from imports_app.inputs.cell_form import CellForm
from imports_app.inputs.kinds import Kind
from imports_app.inputs.transforms import transformed


def casts_of(kinds: Mapping[str, Kind], form: CellForm) -> Mapping[str, Cast]:
    """Return for each attribute what makes its value, or a Misfit, of a cell."""
    casts = {name: cast_of(kind, form) for name, kind in kinds.items()}
    casts |= {
        name: transformed(kinds[name], form, each)
        for name, each in form.transforms
        if name in kinds
    }
    return casts | {name: _unless(cells, casts[name]) for name, cells in form.doubled}


def _unless(doubled: frozenset[str], cast: Cast) -> Cast:
    def checked(cell: Any) -> Any:
        if str(cell).strip() in doubled:
            text = f"is {shown(cell)} in several rows: the last digits were lost in a spreadsheet"
            return Misfit("digits_lost", text)
        return cast(cell)

    return checked
