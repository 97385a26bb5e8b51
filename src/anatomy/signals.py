"""Ctrl-C and SIGTERM end a command with one sentence, also while its imports run."""

import os
import signal
from collections.abc import Callable
from types import FrameType

STOPPED = "stopped; what was finished is kept, and the same command goes on"


def answer(handler: Callable[[int, FrameType | None], object] | signal.Handlers) -> None:
    """Set the handler of both signals: first `leave`, then `signal.default_int_handler`, at the very end `SIG_IGN`.

    Not where the caller has had one ignored (`nohup`, or `&` in a script).
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def leave(number: int, frame: object) -> None:
    """Nothing has begun while imports run, so the process ends at once."""
    os.write(2, f"anatomy: {STOPPED}\n".encode())
    os._exit(1)
