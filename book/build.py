"""make book: run the chapters, draw their figures, write the ledger, render the pages, say where they are.

Exit codes: 0 done; 2 the caller's input is wrong (nothing written); 1 a chapter or the rendering failed (what was
finished is kept, and so is the former book). Everything is made beside the pages of the last time and moved over them
when it is whole: a kill leaves no half page.
"""

if __name__ == "__main__":  # before the imports below, which take seconds
    from anatomy.signals import answer, leave

    answer(leave)

import argparse
import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import nbformat

from anatomy.errors import InputError, RunFailed, escape_unencodable, nearest
from anatomy.hardware.machine import cores
from anatomy.scheduling.processes import Workers, why
from anatomy.study import presets
from chapter_page import chapter_page
from drawn_pages import drawn_pages
from page import unrendered
from rendered import rendered
from steps import replace, timed

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
CHAPTERS = ROOT / "book" / "chapters"
BUILD = ROOT / "_build"
# Its console script has another interpreter in its first line once the tree was moved.
JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"
PRESETS = (*presets.PRESETS, "published")
QUICK = ("published", "smoke")  # nothing, or seconds of training


def main(words: list[str] | None = None) -> int:
    escape_unencodable()
    arguments = parser().parse_args(words)
    try:
        with workplace() as folder:
            whole = build(arguments, folder)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except (RunFailed, BrokenExecutor) as error:
        print(why(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; what was finished is kept, and the next call goes on.", file=sys.stderr)
        return 1
    return 0 if whole else 1


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    words.add_argument("--preset", default="laptop", help=", ".join(PRESETS))
    words.add_argument("--dataset", help="a data set's name; default: the preset's own")
    words.add_argument("--data-root", help="the folder with the data set's files")
    words.add_argument("--cluster", help="where workers are: local:4, a scheduler's address, or NAME.toml")
    words.add_argument("--chapter", help="only this notebook; default: all of them")
    return words


def build(arguments: argparse.Namespace, folder: Path) -> bool:
    """Whether every chapter was made; a rejected parameter ends the build before anything is moved."""
    chapters = chosen(arguments.chapter)
    given = parameters(arguments)
    whole = all(made(chapters, given, folder))
    with timed("claims"):
        write_extras(folder)
    with timed("pages"):
        render(folder)
    print(f"The book is in {BUILD / 'html' / 'index.html'}; make serve shows it in a browser.")
    return whole


# --- what was asked


def chosen(chapter: str | None) -> list[str]:
    """The chapters to run: one that exists, or all."""
    known = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
    if chapter is None:
        return known
    if chapter not in known:
        raise InputError(f"There is no chapter {chapter!r}: {nearest(chapter, known)}")
    return [chapter]


def parameters(arguments: argparse.Namespace) -> dict[str, Any]:
    """What papermill is given; the notebook itself checks the values."""
    if arguments.preset not in PRESETS:
        raise InputError(f"There is no preset {arguments.preset!r}: {nearest(arguments.preset, PRESETS)}")
    given = {"preset": arguments.preset}
    given |= {name: getattr(arguments, name) for name in ("dataset", "data_root", "cluster")}
    if arguments.preset == "published":
        given["records"] = "use"
    return {name: value for name, value in given.items() if value is not None}


# --- the steps


def made(chapters: list[str], given: dict[str, Any], folder: Path) -> list[bool]:
    """Whether each was. A study that trains has all cores to itself, or the cluster; those that take seconds are drawn
    side by side."""
    make = partial(chapter_page, chapters=CHAPTERS, given=given, folder=folder)
    notebooks = [NOTEBOOKS / f"{chapter}.ipynb" for chapter in chapters]
    quick = given["preset"] in QUICK and "cluster" not in given
    at_once = min(len(chapters), cores()) if quick else 1
    if at_once == 1:
        return [*map(make, notebooks)]
    with Workers(at_once, threads=1) as workers:
        return [page.result() for page in [workers.submit(make, notebook) for notebook in notebooks]]


def write_extras(folder: Path) -> None:
    """The pages drawn from records, and a line for each chapter that was never rendered."""
    for notebook in NOTEBOOKS.glob("*.ipynb"):
        page = CHAPTERS / notebook.name
        if not page.exists():
            replace(page, nbformat.writes(unrendered(notebook)), folder)
    for name, content in drawn_pages(rendered(CHAPTERS)).items():
        (CHAPTERS / name).parent.mkdir(parents=True, exist_ok=True)
        replace(CHAPTERS / name, content, folder)


def render(folder: Path) -> None:
    """Build clean in `folder`, every warning an error, then take the former book's place."""
    command = [sys.executable, "-c", JUPYTER_BOOK, "build", str(ROOT / "book"), "-q"]
    command += ["--config", str(ROOT / "_config.yml"), "--path-output", str(folder)]
    log = folder / "render.log"
    with log.open("w") as lines:
        code = subprocess.run([*command, "-W", "-n", "--keep-going"], cwd=ROOT, stdout=lines, stderr=lines).returncode
    if code:
        print(log.read_text(), file=sys.stderr)
        raise RunFailed("The pages were not rendered: each warning above is an error.")
    former = folder / "former"
    if (BUILD / "html").exists():
        (BUILD / "html").rename(former)
    (folder / "_build" / "html").rename(BUILD / "html")


# --- files


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder of our own under _build, one build at a time; what a killed one left is removed."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunFailed("Another make book is running in this folder: wait for it.") from None
        for stale in BUILD.glob("staging-*"):
            shutil.rmtree(stale, ignore_errors=True)
        folder = BUILD / f"staging-{os.getpid()}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    answer(signal.default_int_handler)
    sys.exit(main())
