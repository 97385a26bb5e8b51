"""When each rule came: the oldest commit that has it, as it reads now or as it read when it said the same."""

import re
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from anatomy.verdicts.rule_digest import digest_of

ROOT = Path(__file__).parents[2]


def git(*words: str) -> str:
    """What git says of this checkout; CalledProcessError or OSError where there is no history."""
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def has_history() -> bool:
    """Whether this checkout is of git and whole: a shallow clone says nothing of the past."""
    try:
        return git("rev-parse", "--is-shallow-repository").strip() == "false"
    except (OSError, subprocess.CalledProcessError):
        return False


@cache
def blobs_of(commit: str) -> dict[str, str]:
    """The package's files at a commit: path below src to git's name for the content."""
    lines = (line.split(maxsplit=3) for line in git("ls-tree", "-r", commit, "src").splitlines())
    return {path.removeprefix("src/"): blob for _, _, blob, path in lines}


def module_of(id: str, commit: str) -> str | None:
    """The module of a claim at a commit; claims were once files of one folder, `dictionary_2.py`."""
    family, number = id.split("-")
    pattern = re.compile(rf"anatomy/claims/({family}_{number}|{family}/c{int(number):02d}_\w+)\.py")
    found = [path for path in blobs_of(commit) if pattern.fullmatch(path)]
    return found[0].removesuffix(".py").replace("/", ".") if found else None


@cache
def reader(commit: str) -> Callable[[str], str | None]:
    """The texts of the package's modules at a commit."""
    blobs = blobs_of(commit)

    def read(module: str) -> str | None:
        stem = module.replace(".", "/")
        blob = blobs.get(f"{stem}.py") or blobs.get(f"{stem}/__init__.py")
        return None if blob is None else _text(blob)

    return read


@cache
def _text(blob: str) -> str:
    return git("cat-file", "blob", blob)


def commits() -> Iterator[tuple[str, str]]:
    """(commit, time of writing in UTC) of all that touched the package, oldest first."""
    log = git("-c", "log.showSignature=false", "log", "--reverse", "--date-order", "--format=%H %ct", "--", "src")
    return ((commit, seconds) for commit, seconds in map(str.split, log.splitlines()))


def stands(id: str, digests: set[str], commit: str) -> bool:
    """Whether a commit has the claim's rule under one of these digests."""
    module = module_of(id, commit)
    return module is not None and digest_of(module, reader(commit)) in digests


def origin(id: str, digests: set[str]) -> tuple[str, float]:
    """The rule's first commit and its time, seconds since 1970; ("", 0.0) where no commit has it yet."""
    found = ((commit, float(seconds)) for commit, seconds in commits() if stands(id, digests, commit))
    return next(found, ("", 0.0))
