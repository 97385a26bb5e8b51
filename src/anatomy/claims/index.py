"""Where the claims are: found by the names of their files, with no list to keep."""

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from anatomy.chapters import CHAPTERS
from anatomy.errors import InputError, nearest
from anatomy.verdicts.claim import Claim
from anatomy.verdicts.rule_digest import digest

FOLDER = Path(__file__).parent
FAMILIES = [family for chapter in CHAPTERS.values() for family in chapter.families]


def ids(chapter: str | None = None) -> list[str]:
    """Of the claims that have a file, by family, then number; a notebook or a family narrows."""
    if chapter is not None and chapter not in (*CHAPTERS, *FAMILIES):
        known = nearest(chapter, {*CHAPTERS, *FAMILIES})
        raise InputError(f"no chapter or family of claims is called {chapter!r}; {known}")
    families = FAMILIES if chapter is None else list(CHAPTERS[chapter].families) if chapter in CHAPTERS else [chapter]
    return [f"{family}-{number}" for family in families for number in sorted(_files(family))]


def load(id: str) -> Claim:
    """The claim of this id, as `dictionary-2`; InputError names the nearest."""
    if id not in ids():
        raise InputError(f"no claim is called {id!r}; {nearest(id, ids())}")
    family, _, number = id.partition("-")
    claim: Claim = import_module(f"{__package__}.{family}.{_files(family)[int(number)]}").CLAIM
    return claim


@cache
def _files(family: str) -> dict[int, str]:
    """The modules of a family by the number in their names."""
    modules = [re.fullmatch(r"c(\d+)_\w+", module.name) for module in iter_modules([str(FOLDER / family)])]
    return {int(match[1]): match[0] for match in modules if match}


def all_claims(chapter: str | None = None) -> list[Claim]:
    """All claims, or those of one chapter, in the order of their ids."""
    return [load(id) for id in ids(chapter)]


def rules(chapter: str | None = None) -> dict[str, str]:
    """The digest of every rule, or of one chapter's, by id: what a run writes into its provenance."""
    return {claim.id: digest(claim) for claim in all_claims(chapter)}
