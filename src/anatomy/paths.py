"""Paths given by a user."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

from anatomy.errors import InputError


def given_path(given: str | Path, what: str) -> Path:
    """The path, `~` and `~user` spelled out; `what` names the parameter. InputError if it cannot be looked at."""
    try:
        path = Path(given).expanduser()
    except RuntimeError:
        user = Path(given).parts[0][1:]
        nobody = f"there is no user {user!r}" if user else "the home folder of this user is not known"
        raise InputError(f"{what} is {str(given)!r}, but {nobody} here; write the path from / on") from None
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        pass  # what is not there yet may be made
    except (OSError, ValueError) as error:  # not to be searched, too long, a loop of links, or with a zero byte
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{what} is {str(given)!r}, which cannot be looked at: {why}; name another place") from None
    return path


def one_form(name: str) -> str:
    """One name for what looks the same: macOS writes the dots of an umlaut behind its letter, Linux as typed."""
    return unicodedata.normalize("NFC", name)


def called(name: str, there: Sequence[str]) -> str | None:
    """The name as it is spelled there: exactly so, or at least in one form."""
    forms = {one_form(known): known for known in there}
    return name if name in there else forms.get(one_form(name))
