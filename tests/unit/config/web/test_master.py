import subprocess
import sys

import pytest

pytestmark = pytest.mark.processes

MASTER = """
import gc, os, signal
from config.web.master import Master

def work(beat):
    print(gc.get_freeze_count(), flush=True)
    os.kill(os.getppid(), signal.SIGTERM)
    signal.pause()

Master(work, 1).run()
"""


def test_what_is_loaded_is_left_out_of_garbage_collection() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", MASTER], check=True, capture_output=True, text=True, timeout=60
    )

    assert int(ended.stdout) > 1_000
