"""Messages: one sentence for a wrong input, with the nearest valid choice, and progress for everybody."""

import io
import os
import sys
from collections.abc import Iterable
from difflib import get_close_matches


class InputError(ValueError):
    """The caller's input is wrong: exit code 2, nothing written.

    The message is one sentence that names the value, the rule and the nearest valid choice.
    """

    def __str__(self) -> str:
        return printable(super().__str__())

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it: the sentence, so that it is also the last line that papermill prints."""
        return [str(self)]


class NotPublished(InputError):
    """There is no published run of what was asked for."""


class RunFailed(RuntimeError):
    """A run failed (exit code 1); what was finished before it is kept."""


def printable(text: str) -> str:
    """On one line: line ends, escape sequences and bytes that are no UTF-8, as file names may hold, are written out."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def system_error(error: OSError) -> str:
    """What the system refused, and where, without its number."""
    if not error.strerror:
        return str(error)
    return f"{error.filename}: {error.strerror.lower()}" if error.filename else error.strerror.lower()


def escape_unencodable() -> None:
    """Escape what standard output and error cannot encode: an odd file name must not end a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def to_terminal(text: str) -> None:
    """Past a notebook's cells: papermill shows it, and no stored output holds it.

    A kernel captures what is written to file descriptor 2, sys.__stderr__ included; its `sys.stderr.fileno()` is the
    terminal that it was started from.
    """
    line = f"{printable(text)}\n"
    try:
        os.write(sys.stderr.fileno(), line.encode(sys.stderr.encoding or "utf-8", "backslashreplace"))
    except (OSError, ValueError, AttributeError):  # a stream without a file behind it
        print(line, end="", file=sys.__stderr__, flush=True)


def nearest(name: str, choices: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: the closest known one, then all of them."""
    known = sorted(choices)
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    listed = ", ".join(known) or "none"
    return f"did you mean {close[0]}? (known: {listed})" if close else f"known: {listed}"
