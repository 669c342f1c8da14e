"""Which tests pytest-xdist gives to the same worker.

By default those of a file, which may share fixtures. Its own `xdist_group` does nothing under
pytest 9.2.
"""

import re

from xdist.scheduler import LoadScopeScheduling

ACCEPTANCE = "tests/acceptance/"
# The names of fixtures, which are the ids of their parameter, too.
STACKS = {
    "servers_stack": re.compile(rf"{ACCEPTANCE}(browser/|.*\[(.+-)?servers_stack\b)"),
    "embedded_stack": re.compile(
        rf"{ACCEPTANCE}(test_javascript_client\.py|.*\[(.+-)?embedded_stack\b)"
    ),
}
# Each of their tests starts processes of its own.
APART = re.compile(rf"{ACCEPTANCE}test_(broker|documented_processes|supervisor|torture)\.py")


class Spreading(LoadScopeScheduling):  # type: ignore[misc]
    """Has each shared stack started once, and lets those tests run anywhere that share nothing."""

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)


def together(nodeid: str) -> str:
    """The name of the tests that have to run in the worker of this one."""
    for name, tests in STACKS.items():
        if tests.match(nodeid):
            return name
    return nodeid if APART.match(nodeid) else nodeid.partition("::")[0]
