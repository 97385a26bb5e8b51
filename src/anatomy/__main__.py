"""`anatomy` or `python -m anatomy`: the command line, which answers Ctrl-C and SIGTERM with one sentence at any time.

Imports take seconds. Nothing has begun by then, so the command ends where it stands; later, both signals are a
KeyboardInterrupt.
"""

import os
import signal
import sys
from typing import Any

from anatomy.errors import STOPPED


def main() -> int:
    """The console script. Returns the exit code."""
    answer(leave)
    from anatomy import cli

    answer(signal.default_int_handler)
    return cli.main()


def answer(handler: Any) -> None:
    """Of both signals, except where the caller has had one ignored (`nohup`, `&` in a script)."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def leave(number: int, frame: object) -> None:
    os.write(2, f"anatomy: {STOPPED}\n".encode())
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
