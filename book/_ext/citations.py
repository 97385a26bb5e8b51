"""Sphinx extension: papers by author and year, in the text as in the list, those of one year told apart by a letter.

Zhang et al., 2022a and 2022b: the letters follow the order of the titles.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pybtex.database import Entry
from pybtex.plugin import register_plugin
from pybtex.style.formatting.plain import Style as Plain
from pybtex.style.labels import BaseLabelStyle
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def authors(entry: Entry) -> str:
    """`Wu`, `Chen and He`, `Zhang et al.`"""
    names = [" ".join(person.prelast_names + person.last_names) for person in entry.persons["author"]]
    return f"{names[0]} et al." if len(names) > 2 else " and ".join(names)


def label(entry: Entry) -> str:
    return f"{authors(entry)}, {entry.fields['year']}"


def tell_apart(entries: Iterable[Entry]) -> None:
    """A letter behind the year of those that would be cited alike."""
    alike = defaultdict(list)
    for entry in entries:
        alike[label(entry)].append(entry)
    for same in alike.values():
        for letter, entry in zip("abcdefgh", sorted(same, key=lambda one: one.fields["title"]), strict=False):
            if len(same) > 1:
                entry.fields["year"] += letter


class Labels(BaseLabelStyle):
    """Of the list of references, as the text has them."""

    def format_labels(self, sorted_entries: Iterable[Entry]) -> Iterator[str]:
        return map(label, sorted_entries)


class AuthorYear(Plain):
    """`bibtex_default_style: author_year_labels`"""

    default_label_style = Labels


def prepare(app: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
    tell_apart(env.get_domain("cite").bibdata.data.entries.values())  # type: ignore[attr-defined]


def setup(app: Sphinx) -> dict[str, bool]:
    register_plugin("pybtex.style.formatting", "author_year_labels", AuthorYear)
    app.connect("env-before-read-docs", prepare)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
