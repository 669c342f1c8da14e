"""Which tests pytest-xdist gives to the same worker.

By default those of a file, which may share fixtures. Its own `xdist_group` does nothing under
pytest 9.2.
"""

import re

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

ACCEPTANCE = "tests/acceptance/"
RELIABILITY = "tests/integration/reliability/"
HOST = "tests/host/"
# The names of fixtures, which are the ids of their parameter, too. Files are named whose tests ask
# for one by name: another worker would start a stack of its own for them.
STACKS = {
    "servers_stack": re.compile(rf"{ACCEPTANCE}(browser/|.*\[(.+-)?servers_stack\b)"),
    "embedded_stack": re.compile(
        rf"{ACCEPTANCE}(test_(generated_clients|javascript_client|webhooks)\.py|"
        r".*\[(.+-)?embedded_stack\b)"
    ),
}
# Each of their tests starts processes of its own, or takes long and shares nothing.
APART = re.compile(rf"{ACCEPTANCE}test_(benchmarks|supervisor|torture)\.py|{RELIABILITY}")
# What takes long comes first, that no worker is left with it at the end: before all else those of
# which one worker has many.
CHAINS = (*STACKS, HOST)
# Of the other files and folders those that take longest.
LONG = tuple(
    f"tests/integration/{name}"
    for name in (
        "admin/test_imports.py",
        "admin/test_new_import.py",
        "api/records/test_files.py",
        "api/test_file_bodies.py",
        "commerce/test_admin.py",
        "engine/running/test_undo.py",
        "files/",
        "guests/test_field_kinds.py",
        "security/test_modes.py",
        "test_registry_contract.py",
    )
)
FIRST = ((ACCEPTANCE,), (RELIABILITY,), LONG)


class Spreading(LoadScopeScheduling):  # type: ignore[misc]
    """Has each shared stack started once, and lets those tests run anywhere that share nothing."""

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)

    def remove_node(self, node: WorkerController) -> str | None:
        """Return the test in whose middle the worker ended.

        xdist would give it to the next worker, which would end, too.
        """
        ended = self._in_hand(node)
        if ended is not None:
            self.assigned_work[node][together(ended)][ended] = True
        super().remove_node(node)
        return ended

    def _in_hand(self, node: WorkerController) -> str | None:
        units = self.assigned_work[node].values()
        return next((test for unit in units for test, is_over in unit.items() if not is_over), None)


def rank(nodeid: str) -> int:
    """Where in the run the test comes."""
    group = together(nodeid)
    if group in CHAINS:
        return CHAINS.index(group)
    behind = (n for n, places in enumerate(FIRST) if nodeid.startswith(places))
    return len(CHAINS) + next(behind, len(FIRST))


def together(nodeid: str) -> str:
    """The name of the tests that have to run in the worker of this one."""
    for name, tests in STACKS.items():
        if tests.match(nodeid):
            return name
    if nodeid.startswith(HOST):  # the wheel is built once
        return HOST
    return nodeid if APART.match(nodeid) else nodeid.partition("::")[0]
