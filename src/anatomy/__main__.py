"""`anatomy` or `python -m anatomy`: the command line. Its imports take seconds, so signals are answered before them."""

import gc
import signal
import sys

from anatomy.signals import answer, leave


def main() -> int:
    """The console script. Returns the exit code."""
    answer(leave)
    gc.disable()
    from anatomy import cli

    cli.module_of(sys.argv[1:])  # its imports
    # Modules stay to the end, and records are many small objects that stay as long as they are shown: to look for what
    # could be freed among them took a quarter of the time of `anatomy claims`.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
    answer(signal.default_int_handler)
    try:
        return cli.main()
    finally:
        answer(signal.SIG_IGN)  # the interpreter's end would put back the default, death by the signal


if __name__ == "__main__":
    sys.exit(main())
