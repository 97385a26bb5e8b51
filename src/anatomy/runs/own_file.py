"""A user's own part, `mine.py:my_loss`: find its file and import it."""

import hashlib
import sys
from pathlib import Path
from threading import RLock
from types import ModuleType

from anatomy.errors import InputError
from anatomy.paths import given_path
from anatomy.runs.definitions import content_of, reject

IMPORTS = RLock()  # an executor of threads: none may see a module that is half run


def located(kind: str, name: str) -> tuple[Path, str]:
    """The file and the function that are meant. InputError where there is no such file."""
    path, _, function = name.rpartition(":")
    place = given_path(path, kind)
    if path and place.is_dir():
        raise InputError(f"{kind} {name!r}: {path!r} is a folder; name a file in it, {path.rstrip('/')}/FILE.py:NAME")
    if not place.is_file():
        raise InputError(f"{kind} {name!r}: there is no file {path!r} in {Path.cwd()}; write FILE.py:NAME")
    return place.resolve(), function


def imported(file: Path) -> ModuleType:
    """The file as a module, run once for each content that it has. InputError, with the line, for what it raises."""
    content = content_of(file)
    name = f"anatomy_user_{file.stem}_{hashlib.sha256(str(file).encode() + content).hexdigest()[:16]}"
    with IMPORTS:
        if name not in sys.modules:
            module = sys.modules[name] = ModuleType(name)  # dataclasses and pickle look a module up by its name
            module.__file__ = str(file)
            try:  # not by an import, which takes a text of the same second and size for the same
                exec(compile(content, str(file), "exec", dont_inherit=True), module.__dict__)  # noqa: S102
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # SystemExit too: the file is no script here
                del sys.modules[name]
                reject(file, _line(file, error), f"running it raised {type(error).__name__}: {error}")
        return sys.modules[name]


def _line(file: Path, error: BaseException) -> int | None:
    """The line of the file that was running."""
    lines, at = [], error.__traceback__
    while at is not None:
        if at.tb_frame.f_code.co_filename == str(file):
            lines.append(at.tb_lineno)
        at = at.tb_next
    return lines[-1] if lines else None
