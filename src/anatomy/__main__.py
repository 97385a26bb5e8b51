"""`anatomy` or `python -m anatomy`: the command line. Its imports take seconds, so signals are answered before them."""

import signal
import sys

from anatomy.signals import answer, leave


def main() -> int:
    """The console script. Returns the exit code."""
    answer(leave)
    from anatomy import cli

    cli.module_of(sys.argv[1:])  # its imports
    answer(signal.default_int_handler)
    try:
        return cli.main()
    finally:
        answer(signal.SIG_IGN)  # the interpreter's end would put back the default, death by the signal


if __name__ == "__main__":
    sys.exit(main())
