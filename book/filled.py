"""The templates of pages, with the words of verdicts at hand; text that is filled in is escaped."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import wording
from anatomy.chapters import CHAPTERS
from anatomy.verdicts.numbers import interval, number

FOLDER = Path(__file__).parent / "templates"
# A family of claims belongs to a chapter.
CHAPTER_OF = {family: name for name, chapter in CHAPTERS.items() for family in chapter.families}
TITLES = {family: title for chapter in CHAPTERS.values() for family, title in chapter.families.items()}


def filled(name: str, **given: object) -> str:
    """The template of this name with what is given; a name in it that nobody gave is an error."""
    return templates().get_template(name).render(given)


@cache
def templates() -> Environment:
    loader = FileSystemLoader(FOLDER)
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals |= {"CHAPTERS": CHAPTERS, "TITLES": TITLES, "WORDS": wording.WORDS, "say": wording,
                     "number": number, "interval": interval}  # fmt: skip
    return made
