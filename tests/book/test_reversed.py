"""The book in worlds where every verdict is another, and every number: nothing goes on saying the old thing.

What a page says in all worlds alike is bound to no verdict and no number, so it must say no result: `reviewed.toml` has
what was read and says none.
"""

import re
from collections.abc import Iterable
from html import unescape

import pytest

import drawn_by_lot
import drawn_pages
import errata
import ledger
import planted_pages
import reported
import reproducibility
import sentences
from anatomy import claims
from anatomy.chapters import CHAPTERS
from anatomy.errors import NotPublished
from anatomy.readings import Reading, readings
from anatomy.verdicts.rule_text import rule_text
from planted_pages import WORLDS, World, chapter_in_all_worlds, rows_of_all
from rendered import Chapter
from wording import kind

pytestmark = pytest.mark.slow
FROM_SOURCE = {"commands.md", "parts.md"}  # help texts and docstrings, which no run and no verdict moves
OF_ANOTHER_SET = {"normalization-7"}  # asks for a data set that no page shows; it stands in the ledger


def one_line(text: str) -> str:
    return " ".join(text.split())


def wording(reading: Reading, word: str) -> str:
    """What is said by this verdict and by no other."""
    question = reading.question
    return {
        "holds": reading.holds,
        "does not hold": reading.fails,
        "undecided": f": whether {question}.",
        "not run": f"Not run: whether {question}.",
    }[word]


def says_a_result(sentence: str) -> bool:
    """Of what is said in every world, in which numbers are those of settings."""
    result = sentences.RESULT.search(sentence) and not sentences.tells_itself(sentence)
    return bool(result) and sentence not in sentences.REVIEWED | LABELS and not COUNTED.match(sentence)


# Words in figures and beside lists that name an axis, an area, an arm or a limit.
LABELS = {
    "holds",  # a verdict: that each page has those of its world is a test of its own
    "does not hold",
    "Claims that can fail",
    "They cannot fail; they are shown, tested and counted separately.",
    "inter-anchor: an anchor that has found its positive is pulled less",  # drawn from the formula
    "intra-anchor: the nearer negative pushes harder",
    "collapsed",
    "not collapsed",
    "gain, share of the largest",
    "singular value, share of the largest",
    "On 5,000 images an accuracy has a standard error of 0.7 points, on 10,000 one of 0.5, and seeds add to it; so "
    "recipes of one seed that differ by less than about two points are not told apart.",
    "An *aim* is what we asked of ourselves beforehand; what takes longer, or has a lower ratio, has missed it.",
    "Over workers a slope of -1 would be ideal, and one above 0 says that more workers cost more than they save: the "
    "runs of that study last a second each.",
    "In brackets the spread of the embeddings for the seed with the least, 0 where all are one point and 1 where their "
    "mean is zero; below 0.3 is collapsed, above 0.6 is not.",
    "harder than every real key",
    "nearest keys",
    "rank of a negative, 1 the nearest",
    "share drawn nearer",
    "step (each ridge starts a little later)",
    "same sign, and what differs",  # of the table of systems
    "nothing to compare: equation and constants as far as they were found",
    "That is collapse, and nothing in the pull of two views forbids it.",  # by the formula
    "What differs is where the other images come from, and through which branch the gradient flows.",
    ": records hold no weights, so it retrains one published run,",
    "*Not run* is no result: make the book at a larger preset, and the word changes.",  # of the ledger
    "*Trend* says of some claims how the effect that their first part measures moves with longer training; "
    "{doc}`../how_to_read` has its rule too.",
    "In its folder `make setup` installs the rest, and two commands make runs on drawn shapes; those of a chapter "
    "stand in its short answer.",
    "From scratch, on CIFAR-10's 50,000 images without their labels, by contrast alone; judged by the nearest "
    "neighbors (k = 200) of images that were not trained on.",
    "A row's time is that of the code of its commit, which may have become faster since.",
    "*small first* is that recipe with 18 passes; what was tried departs from it in one thing or two, and not always "
    "in the same time.",
    "How many passes it makes follows from its time alone, and grew as the steps became faster: after the recipe of 2 "
    "minutes had been judged by the test images with 16 and with 18 passes, it was lengthened to 20 and judged by them "
    "again.",
    "The recipe of 60 minutes was not tried on held-out images: it is that of 10 with a stem of stride 1, and longer.",
    "Not every one will: on another kind of processor rounding soon leads to other weights, so the second mean has a "
    "spread of its own, and where it is as large as the first's, a 95 % interval holds the second mean 91 times of 100 "
    "with 3 seeds, 88 with 5 and 85 with 12.",  # tests/book/test_drawn_by_lot.py
    "alignment (lower is nearer)",
    "uniformity, nats (lower is more even)",
}
# `decomposition-10, over SimSiam`, the part of a claim whose effect is shown; and how many claims there are.
# And two verdicts on the same runs, made on two kinds of processor.
COUNTED = re.compile(
    r"(dictionary|decomposition|transformation|mixing|normalization|family)-\d+, |\d+ claims that can fail[,:] "
    r"|- [a-z]+-\d+: .*; the intervals (meet, so it is the seeds' spread that decides|do not meet)\.$"
)


def unbound(texts: Iterable[str], known: Iterable[str] = ()) -> set[str]:
    """Sentences that say a result in every one of these texts; `known` texts are of claims, and shown as such."""
    common = set.intersection(*({*sentences.sentences(text)} for text in texts))
    of_claims = {sentence for text in known for sentence in sentences.sentences(text)}
    return {sentence for sentence in common - of_claims if says_a_result(sentence)}


def stated() -> list[str]:
    return [claim.statement for claim in claims.all_claims()]


def worlds(chapter: str) -> dict[World, str]:
    """A skip where nothing is published from which a world could be planted."""
    try:
        return chapter_in_all_worlds(chapter)
    except NotPublished as why:
        pytest.skip(str(why))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_says_of_each_claim_what_its_verdict_is_and_nothing_of_another(chapter: str) -> None:
    for world, text in worlds(chapter).items():
        said = one_line(text)
        for id in readings(chapter).keys() - OF_ANOTHER_SET:
            found = {word for word in ("holds", "does not hold") if wording(readings(chapter)[id], word) in said}
            assert found == {world.word} & {"holds", "does not hold"}, (id, world)
            if not found:
                assert wording(readings(chapter)[id], world.word) in said, (id, world)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_a_chapter_says_in_every_world_is_no_result(chapter: str) -> None:
    texts = (re.sub(r"<table.*?</table>", lambda table: separate(table[0]), text, flags=re.DOTALL)
             for text in worlds(chapter).values())  # fmt: skip
    assert unbound(texts, stated()) == set()


def test_a_result_that_no_verdict_moves_is_found() -> None:
    old = "This network falls first and climbs out later."
    texts = [f"{text}\n\n{old}" for text in chapter_in_all_worlds("normalization").values()]
    assert unbound(texts, stated()) == {old}
    assert unbound([texts[0], *(text.replace("climbs out", "stays") for text in texts[1:])], stated()) == set()


# --- the other pages


@pytest.fixture(scope="module")
def drawn() -> dict[World, dict[str, str]]:
    """The pages that are drawn from claims and records, by name, with all verdicts one way and reversed."""
    where = reproducibility.reproducibility_page()  # takes seconds, and says nothing of a claim's verdict
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reproducibility, "reproducibility_page", lambda: where)
        return {world: pages_of(world) for world in WORLDS[:2]}


def pages_of(world: World) -> dict[str, str]:
    with pytest.MonkeyPatch.context() as patch, planted_pages.planted(world):
        patch.setattr(ledger, "read_rows", lambda: rows_of_all(world))
        made = drawn_pages.drawn_pages({chapter: Chapter() for chapter in CHAPTERS})
    return {name: as_prose(text) for name, text in made.items() if isinstance(text, str) and name.endswith(".md")}


def as_prose(text: str) -> str:
    """A page whose tables may be HTML: each of its cells and paragraphs as one of its own, so that all are read."""
    return re.sub(r"(`{3,})\{raw\} html\n(.*?)\1", lambda raw: separate(raw[2]), text, flags=re.DOTALL)


def separate(html: str) -> str:
    without_scripts = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    return unescape(re.sub(r"\s*<[^>]+>\s*", "\n\n", without_scripts))


def of_claims() -> list[str]:
    """What a claim says of itself; and in the errata the rules and the verdicts of before."""
    rows, before = rows_of_all(WORLDS[0]), errata.before().values()
    now = [text for row in rows for text in (row.claim.statement, row.claim.source, row.claim.quantity)]
    rules = [*(rule_text(row.claim) for row in rows), *(claim["rule"] for claim in before)]
    then = [f"| {said} |" for claim in before for verdict in claim["verdicts"]
            for said in (errata.was(verdict), errata.chip(verdict["verdict"]))]  # fmt: skip
    theirs = [f"({given['of']})" for parts in reported.all_reported().values() for given in parts.values()]
    lots = map(drawn_by_lot.said, drawn_by_lot.FOLDER.glob("*.json"))
    again = [line for lot in lots for line in lot.splitlines() if line.startswith("|")]  # as judged on the day
    return [*stated(), *now, *rules, *map(errata.plain, (*now, *rules)), *then, *theirs, *again]


def test_a_drawn_page_says_no_result_in_every_world(drawn: dict[World, dict[str, str]]) -> None:
    known = of_claims()
    names = drawn[WORLDS[0]].keys() - FROM_SOURCE
    found = {name: unbound((pages[name] for pages in drawn.values()), known) for name in names}
    assert found == dict.fromkeys(found, set())


@pytest.mark.parametrize("name", ["ledger.md", "errata.md", "cover.md"])
def test_a_page_of_verdicts_has_those_of_its_world(name: str, drawn: dict[World, dict[str, str]]) -> None:
    words = {world.word for world in WORLDS}
    for world, pages in drawn.items():
        found = {word for word in words if says(name, pages[name], word)}
        assert found == {world.word}


def says(name: str, text: str, word: str) -> bool:
    """Whether a page gives the word to any claim: beside its lists of what the words mean, and what was published."""
    if name == "errata.md":
        return f"| **{word}**" in re.sub(r"^(\| [^|]+\|)[^|]+\|", r"\1", text, flags=re.MULTILINE)
    if name == "ledger.md":
        return f"\n\n{word}\n\n" in text.partition("Trend with training")[2]
    return f'{kind(word)}">{word}</span>' in text
