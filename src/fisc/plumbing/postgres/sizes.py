"""How much memory and log the server may use, read from the machine."""

from __future__ import annotations

import os
import pathlib
import shutil

MEBIBYTE = 1024 * 1024
MEMORY_MB_MIN = 256
MEMORY_MB_MAX = 16_384
CGROUP_LIMITS = (
    pathlib.Path("/sys/fs/cgroup/memory.max"),
    pathlib.Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
SHARED_MEMORY_FOLDER = pathlib.Path("/dev/shm")  # noqa: S108 - measured, never written
# A container often has 64 MB there, less than one parallel query asks for.
SHARED_MEMORY_MB_MIN = 256


class MemoryIsNotANumber(Exception):
    """FISC_PG_MEMORY_MB does not say a number of mebibytes."""


def settings(*, data: pathlib.Path) -> dict[str, str]:
    """Return the server settings that fit this machine's memory and the disk under `data`."""
    memory_mb = server_memory_mb()
    log_mb = _log_mb(free_mb=shutil.disk_usage(data).free // MEBIBYTE)
    chosen = {
        "shared_buffers": f"{memory_mb // 2}MB",
        "effective_cache_size": f"{memory_mb * 3 // 2}MB",
        "maintenance_work_mem": f"{_between(memory_mb // 16, 32, 1024)}MB",
        "work_mem": f"{_between(memory_mb // 128, 4, 64)}MB",
        "max_wal_size": f"{log_mb}MB",
        "min_wal_size": f"{max(log_mb // 8, 80)}MB",
        "wal_buffers": "16MB",
        "checkpoint_timeout": "15min",
        # A page anywhere on a solid-state disk, or in memory, costs little more than the next one.
        # At 4 a day's postings are found by reading all postings (measured: 570 ms, then 63 ms).
        "random_page_cost": "1.1",
    }
    if _shared_memory_mb() < SHARED_MEMORY_MB_MIN:
        chosen["dynamic_shared_memory_type"] = "mmap"
    return chosen


def server_memory_mb() -> int:
    """Return how much memory the server may plan with: FISC_PG_MEMORY_MB, or half of what is."""
    if named := os.environ.get("FISC_PG_MEMORY_MB"):
        if not named.isdecimal() or int(named) < 1:
            raise MemoryIsNotANumber(
                f"FISC_PG_MEMORY_MB is '{named}'. Give a number of mebibytes, such as 2048."
            )
        return max(int(named), MEMORY_MB_MIN)
    return _between(_machine_memory_mb() // 2, MEMORY_MB_MIN, MEMORY_MB_MAX)


def _machine_memory_mb() -> int:
    limits = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    said = [path.read_text().strip() for path in CGROUP_LIMITS if path.exists()]
    limits.extend(int(limit) for limit in said if limit.isdecimal())
    return min(limits) // MEBIBYTE


def _log_mb(*, free_mb: int) -> int:
    """Return a log size that spreads checkpoints in bulk work and leaves the disk usable."""
    return _between(free_mb // 20, 256, 8192)


def _shared_memory_mb() -> int:
    if not SHARED_MEMORY_FOLDER.is_dir():
        return 0
    return shutil.disk_usage(SHARED_MEMORY_FOLDER).total // MEBIBYTE


def _between(value: int, low: int, high: int) -> int:
    return max(low, min(value, high))
