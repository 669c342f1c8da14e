"""What the kernel says of a process's memory; see proc(5)."""

from pathlib import Path

MIB = 2**20
RESET_PEAK = "5"


def peak(pid: int) -> int:
    """The most bytes that were resident since the start or the last reset."""
    return _bytes(pid, "VmHWM")


def resident(pid: int) -> int:
    """Bytes that are resident now."""
    return _bytes(pid, "VmRSS")


def reset_peak(pid: int) -> None:
    """Let `peak` begin anew."""
    Path(f"/proc/{pid}/clear_refs").write_text(RESET_PEAK)


def _bytes(pid: int, field: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(field)
