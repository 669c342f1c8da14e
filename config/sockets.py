"""The folder of the sockets by which the processes of one data directory reach each other.

It is `run` in the data directory. Where that path is too long for a socket, `run` is a link to a
short folder elsewhere: whoever knows the data directory finds it, a command run by hand too.
"""

import os
import shutil
import stat
import tempfile
from pathlib import Path

from config.keys import private_folder

BROKER = "valkey.sock"
LONGEST_NAME = len("worker.notify")
LONGEST_PATH = 103  # bytes of a socket's path: what macOS takes; Linux takes four more


def socket_in(data_dir: Path, name: str) -> Path:
    """Return the path of the socket of this name, whether or not anybody listens there."""
    return (data_dir / "run").resolve() / name


def make_socket_folder(data_dir: Path) -> Path:
    """Return the folder; create it, for its owner only, if it isn't there. Raise OSError.

    A link to a folder that is gone, or is somebody else's, is replaced: /tmp may have been cleared.
    """
    folder = data_dir / "run"
    if folder.is_symlink() and (_fits(folder) or not _is_private(folder.resolve())):
        folder.unlink()
    if _fits(folder):
        private_folder(folder)
    elif not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)  # the data directory had a shorter path once
        folder.symlink_to(_short_folder(), target_is_directory=True)
    return folder.resolve()


def remove_short_folder(data_dir: Path) -> None:
    """Leave nothing outside of the data directory; called when nobody needs the folder any more."""
    link = data_dir / "run"
    if link.is_symlink():
        folder = link.resolve()
        link.unlink()
        shutil.rmtree(folder, ignore_errors=True)


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder)) + 1 + LONGEST_NAME <= LONGEST_PATH


def _is_private(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return (
        stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077
    )


def _short_folder() -> Path:
    """Create a folder with a short path that only its owner can enter."""
    for parent in map(Path, (tempfile.gettempdir(), "/tmp")):  # noqa: S108  (mkdtemp: private)
        if _fits(parent.resolve() / "imports-12345678"):
            return Path(tempfile.mkdtemp(prefix="imports-", dir=parent.resolve()))
    raise OSError("no folder for temporary files has a path short enough for a socket")
