"""The page of how to cite this book, under which license, of which versions it is made, and what to do about an error.

Drawn from CITATION.cff, LICENSE, the git checkout and what is installed.
"""

import re
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import NotRequired, TypedDict, cast

import yaml

from filled import filled

ROOT = Path(__file__).resolve().parent.parent
MADE_WITH = ("torch", "torchvision", "numpy", "pandas", "matplotlib", "jupyter-book", "sphinx")
Author = TypedDict("Author", {"name": NotRequired[str], "given-names": NotRequired[str],
                              "family-names": NotRequired[str]})  # fmt: skip
Citation = TypedDict("Citation", {"title": str, "abstract": str, "version": str, "license": str,
                                  "authors": list[Author], "repository-code": NotRequired[str],
                                  "doi": NotRequired[str], "date-released": NotRequired[str]})  # fmt: skip


def citation() -> Citation:
    """What CITATION.cff says."""
    return cast(Citation, yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8")))


def about_page() -> str:
    """The page in MyST."""
    license, of = (ROOT / "LICENSE").read_text("utf-8"), citation()
    versions = {name: version(name) for name in MADE_WITH}
    return filled(
        "cite.md",
        of=of,
        sentence=sentence(of),
        bibtex=bibtex(of),
        license=license.strip(),
        versions=versions,
        commit=commit(),
    )


def sentence(of: Citation) -> str:
    """As a list of references has it."""
    where = [of[name] for name in ("doi", "repository-code") if name in of]
    return " ".join([f"{' and '.join(names(of))} ({year(of)}).", f"*{of['title']}*, version {of['version']}.", *where])


def bibtex(of: Citation) -> str:
    fields = {
        "author": " and ".join(f"{{{name}}}" if "," not in name else name for name in names(of)),
        "title": f"{{{of['title']}}}",
        "year": year(of),
        "version": of["version"],
        "doi": of.get("doi", ""),
        "url": of.get("repository-code", ""),
    }
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    return "\n".join(["@misc{anatomy-contrastive,", *lines, "}"])


def names(of: Citation) -> list[str]:
    """A group by its name, a person as `Family, Given`."""
    return [one.get("name") or f"{one['family-names']}, {one['given-names']}" for one in of["authors"]]


def year(of: Citation) -> str:
    """That of the release, or where there is none that of the copyright."""
    found = re.search(r"\d{4}", str(of.get("date-released", "")) or (ROOT / "LICENSE").read_text("utf-8"))
    return found[0] if found else "n.d."


def commit() -> str:
    """Of the checkout that the pages are made in, twelve letters; of an archive that was unpacked, the one it names;
    empty elsewhere outside of git."""
    if (said := ROOT / "COMMIT").is_file():
        return said.read_text("utf-8").strip()
    asked = ["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"]
    try:
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
