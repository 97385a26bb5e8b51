"""`anatomy new-chapter`: the files of a chapter that runs, for the author to fill.

book/templates/chapter is a whole small chapter (study, arms, claim, figure, readings, notebook, tests); its names are
replaced, and the lines that lead to it are added where the other chapters have theirs.
"""

import argparse
import keyword
import os
import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path

from anatomy.chapters import CHAPTERS
from anatomy.cli.flags import check_no_rest
from anatomy.cli.parser import Parser
from anatomy.errors import InputError
from anatomy.storage.files import write_whole

ROOT = Path(__file__).parents[3]
NEXT = """Next, in {root}:
  .venv/bin/python tests/verdicts/snapshot.py --remake {family}-1    takes the rule of its claim down
  make book PRESET=smoke CHAPTER={name}    shows it
CONTRIBUTING.md, "A chapter", says what goes into each file."""


def flags(parser: Parser) -> None:
    parser.epilog = "Nothing is overwritten. CONTRIBUTING.md says what goes into each file."
    parser.add_argument("name", help="of its files and its page: small letters in words joined by _, as loss_family")
    parser.add_argument("--title", help="of its page (default: the name in words)")
    parser.add_argument("--family", help="of its claims, as in family-3: small letters (default: the name without _)")


def main(known: argparse.Namespace, rest: list[str]) -> int:
    """Write all files of the chapter, or none."""
    check_no_rest(rest)
    files = added(ROOT, words(known.name, known.family, known.title))
    writable(files)
    write(files)
    print("\n".join(str(path.relative_to(ROOT)) for path in files))
    print(NEXT.format(root=ROOT, family=known.family or known.name.replace("_", ""), name=known.name))
    return 0


def words(name: str, family: str | None, title: str | None) -> dict[str, str]:
    """What the words of the templates become. InputError for what cannot be the name of a new chapter."""
    check("name", name, r"[a-z]+(_[a-z]+)*", "small letters in words joined by _", CHAPTERS)
    plain = name.replace("_", " ").capitalize()
    family = family or name.replace("_", "")
    check("family", family, "[a-z]+", "small letters", {one for of in CHAPTERS.values() for one in of.families})
    title = title or plain
    if not title.isprintable() or set(title) & set('"\\{}') or len(title) > 2 * LONGEST:
        raise InputError(f'title is {title!r}, but it must be a line of {2 * LONGEST} signs without " \\ {{ }}')
    return {"chapter_name": name, "chapterfamily": family, "chapternumber": str(len(CHAPTERS) + 1),
            "Title of the chapter": title, "Title of the family": plain}  # fmt: skip


LONGEST = 30  # letters of a name: every line that holds one stays a line


def check(what: str, given: str, form: str, rule: str, taken: Collection[str]) -> None:
    if given in taken:
        raise InputError(f"{what} is {given!r}, which is taken, as are {', '.join(sorted(taken))}")
    if not re.fullmatch(form, given) or keyword.iskeyword(given) or len(given) > LONGEST:
        near = ("_" if "_" in form else "").join(re.findall("[a-z]+", given.lower()))[:LONGEST].strip("_") or "my"
        fits = f"{near}_chapter" if keyword.iskeyword(near) or near == "my" else near
        raise InputError(f"{what} is {given!r}, but it must be {rule}, at most {LONGEST}, and no word of Python; "
                         f"{fits if '_' in form else fits.replace('_', '')} would do")  # fmt: skip


def added(root: Path, named: Mapping[str, str]) -> dict[Path, str]:
    """The text of each new file, and of those that get lines, by path."""
    templates = root / "book" / "templates" / "chapter"
    if not templates.is_dir():
        raise InputError(f"{root} has no book/templates/chapter; run this in a checkout, as `make setup` makes one")
    table = templates / "lines.toml"
    found = {root / replaced(str(path.relative_to(templates)), named): replaced(path.read_text("utf-8"), named)
             for path in sorted(templates.rglob("*")) if path.is_file() and path != table}  # fmt: skip
    there = [str(path.relative_to(root)) for path in found if path.exists()]
    if there:
        raise InputError(f"there is a file {there[0]} already; choose another name, or move it away")
    for line in tomllib.loads(table.read_text("utf-8"))["lines"]:
        found[root / line["file"]] = inserted(root / line["file"], line["before"], replaced(line["text"], named))
    return found


def replaced(text: str, named: Mapping[str, str]) -> str:
    for word, new in named.items():
        text = text.replace(word, new)
    return text


def inserted(path: Path, before: str, text: str) -> str:
    whole = path.read_text("utf-8")
    if whole.count(before) != 1:
        raise InputError(f"{path} has {before!r} {whole.count(before)} times, but lines are added before the only one")
    return whole.replace(before, text + before)


def writable(files: Mapping[Path, str]) -> None:
    """InputError for a folder, or a file that gets lines, that may not be written."""
    for path in files:
        place = path if path.exists() else next(folder for folder in path.parents if folder.exists())
        if not os.access(place, os.W_OK):
            raise InputError(f"{place} may not be written by this user; nothing was made")


def write(files: Mapping[Path, str]) -> None:
    """All of them, or none: what was there before is put back where one cannot be written."""
    before = {path: path.read_bytes() if path.exists() else None for path in files}
    try:
        for path, text in files.items():
            write_whole(path, text.encode())
    except OSError:
        for path, content in before.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                write_whole(path, content)
        raise
