"""Secrets that are created on the first run and kept in files that only their owner can read."""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def kept_secret(path: Path, size: int = 64) -> str:
    """Return the secret in this file. If there is none yet, make one of `size` random bytes.

    Web and worker may call this at the same moment: both get the secret that was linked first.
    """
    if not path.exists():
        private_folder(path.parent)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        write_private(temporary, secrets.token_urlsafe(size))
        try:
            path.hardlink_to(temporary)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path.read_text().strip()


def private_folder(path: Path) -> None:
    """Create the folder, and the missing ones above it, for its owner only.

    A folder that exists stays as it is: whoever created it knows who may look into it.
    """
    for folder in reversed((path, *path.parents)):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)


def keep_private(path: Path) -> None:
    """Revoke everybody else's rights to the file or folder, if it exists.

    Raises PermissionError if it belongs to another user. Symbolic links are not followed.
    """
    try:
        mode = stat.S_IMODE(path.lstat().st_mode)
    except FileNotFoundError:
        return
    if mode & OTHERS and not path.is_symlink():
        path.chmod(mode & ~OTHERS)


def private_file(path: Path) -> None:
    """Create an empty file that only its owner can read, or revoke others' rights to the existing.

    A file that belongs to another user stays as it is.
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
