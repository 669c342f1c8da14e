"""Secrets that are made on the first run and kept in the data directory, for its owner only."""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def kept_secret(path: Path, size: int = 64) -> str:
    """Return the secret in this file, made of so many random bytes if there is none yet.

    Web and worker may ask at the same moment: both get the one that was linked first, whole.
    """
    if not path.exists():
        private_folder(path.parent)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        write_private(draft, secrets.token_urlsafe(size))
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def private_folder(path: Path) -> None:
    """Make the folder, and those above it that are missing, for its owner only.

    What is there already stays as it is: whoever made it knows who may look into it.
    """
    for folder in reversed((path, *path.parents)):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)


def keep_private(path: Path) -> None:
    """Take from everybody else what rights there are to the file or folder, if it is there.

    Raises PermissionError if it is another user's. What a link leads to is left alone.
    """
    try:
        mode = stat.S_IMODE(path.lstat().st_mode)
    except FileNotFoundError:
        return
    if mode & OTHERS and not path.is_symlink():
        path.chmod(mode & ~OTHERS)


def private_file(path: Path) -> None:
    """Make an empty file for its owner only, or keep the one that is there from others.

    One that is another user's stays as it is.
    """
    if not path.exists():
        private_folder(path.parent)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    with suppress(PermissionError):
        keep_private(path)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, from its first moment on."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
