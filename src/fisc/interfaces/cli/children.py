"""Processes that end when the command that started them ends, however it ends."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence

# Of <linux/prctl.h>: which signal a process is sent when its parent dies.
PR_SET_PDEATHSIG = 1


def started(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a program that is told to end when this process dies."""
    return subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        # Ctrl-C is for this process, which then ends its children in order.
        start_new_session=True,
        preexec_fn=_end_with_parent(),  # noqa: PLW1509 - the child only makes one system call
    )


def _end_with_parent() -> Callable[[], None] | None:
    """Return what a child does first; only Linux knows how, elsewhere it lives on."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)

    def ask_to_be_ended() -> None:
        library.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    return ask_to_be_ended
