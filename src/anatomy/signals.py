"""Ctrl-C and SIGTERM end a command with one sentence, also while its imports run."""

import os
import signal
from collections.abc import Callable
from typing import Any

STOPPED = "stopped; what was finished is kept, and the same command goes on"


def answer(handler: Callable[[int, Any], object] | signal.Handlers) -> None:
    """Of both signals: `leave`, once there is something to end `signal.default_int_handler`, and in the end `SIG_IGN`.

    Not where the caller has had one ignored (`nohup`, or `&` in a script).
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def leave(number: int, frame: object) -> None:
    """While imports run nothing has begun: the process ends where it stands."""
    os.write(2, f"anatomy: {STOPPED}\n".encode())
    os._exit(1)
