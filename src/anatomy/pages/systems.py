"""The systems of other papers that chapter five has a part of: what each changes, our number and theirs.

A published number stands here only where the abstract or the authors' repository was seen with it. Ours are what the
ledger says of a claim, so a row fills itself when its runs are published.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from anatomy.verdicts.ledger import Judged, Row
from anatomy.verdicts.numbers import interval, number

NO_NUMBER = "no number was seen"
ELSE = "other images, network and length"


@dataclass(frozen=True)
class System:
    """`claims`: whose first part is our number. `gains`: whether the published numbers are a gain; None: there is none
    that could be compared. `why`: what keeps the two from being one number."""

    name: str
    paper: str  # its address
    changes: str
    claims: tuple[str, ...]
    published: str = NO_NUMBER
    gains: bool | None = None
    why: str = ELSE


ARXIV = "https://arxiv.org/abs/"
SYSTEMS = (
    System(
        "DCL",
        f"{ARXIV}2110.06848",
        "the positive leaves InfoNCE's sum, so every anchor has weight 1",
        ("family-3", "family-4", "family-13"),
        "ImageNet-1K, batch of 256, accuracy in %: SimCLR 61.8, DCL 66.9 (abstract)",
        gains=True,
        why=f"{ELSE}; ours are at a batch of 32, and then with both tuned at 256 and at 32; Figure 5.9 has 256 untuned",
    ),
    System(
        "CACR",
        f"{ARXIV}2105.03746",
        "positives and negatives weigh by their distance; several positives",
        ("family-9", "family-10", "family-15"),
        "ImageNet-1K, 1,000 epochs, accuracy in %: 74.7 linear, 69.4 kNN (README of the authors' code)",
        why=f"{ELSE}, and no InfoNCE beside it was seen",
    ),
    System(
        "AMCL",
        f"{ARXIV}2310.05615",
        "several heads, and a temperature for each pair and head",
        ("family-17", "family-18"),
        why="equation and constants as far as they were found",
    ),
    System(
        "Hallucinator",
        f"{ARXIV}2307.12168",
        "a further positive, made of the pair and smoothed by a small network",
        ("family-19",),
        "0.3 to 3.0 points of linear accuracy, CIFAR-10 to ImageNet (abstract)",
        gains=True,
        why=f"no formula was found, so the positive is made in our way; {ELSE}",
    ),
    System(
        "HaLP",
        f"{ARXIV}2304.00387",
        "positives moved on the sphere towards another cluster",
        ("family-20",),
        why="there skeletons in motion and 100 further positives, here images and one in the key's place",
    ),
    System(
        "PamC",
        f"{ARXIV}2209.14067",
        "clusters repel each other instead of samples",
        ("family-21",),
        "digits of USPS: 16.1 s, and 50.4 s with samples (README of the authors' code); no accuracy",
        why="there clusters that are trained, here k-means of the queue; their seconds are of another program",
    ),
    System(
        "ScatSimCLR",
        f"{ARXIV}2108.13939",
        "a fixed scattering transform is the first layer",
        ("family-23",),
        "accuracy in %: 85.11 on STL-10, 63.86 on CIFAR-20 (the authors' repository)",
        why="there 16 orientations and 30 blocks of layers, here 8 and two",
    ),
)


def table(rows: Iterable[Row]) -> str:
    """HTML: a row a system. A page makes no table of the Markdown that a cell gives."""
    judged = {row.claim.id: row for row in rows}
    body = [["system", "what it changes", "published", "ours", "same sign, and what differs"]]
    for system in SYSTEMS:
        own = [judged[id] for id in system.claims if id in judged]
        ours = "; ".join(map(number_of, own)) or "not run"
        said = [system.changes, system.published, ours, f"{agreement(system, own)}: {system.why}"]
        body.append([f'<a href="{system.paper}">{system.name}</a>', *map(escape, said)])
    head, *lines = ["".join(f"<{tag}>{cell}</{tag}>" for cell in line) for tag, line in tagged(body)]
    inner = "\n".join(f"<tr>{line}</tr>" for line in lines)
    return f'<table class="dataframe">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{inner}\n</tbody></table>'


def tagged(body: list[list[str]]) -> list[tuple[str, list[str]]]:
    """The first line is a head."""
    return [("th" if place == 0 else "td", line) for place, line in enumerate(body)]


def number_of(row: Row) -> str:
    """`family-3: +1.2 points (0.8 to 1.6), holds`, of the claim's first part; without a number the word alone."""
    one = first(row)
    if one is None:
        return f"{row.claim.id}: not run"
    verdict, unit = one.verdict, next(iter(row.claim.parts.values())).shown_unit
    if verdict.estimate is None:
        return f"{row.claim.id}: {verdict.word}, {one.preset}"
    unit = f" {unit}" if unit else ""
    plus, between = "+" * (verdict.estimate > 0), "" if verdict.low is None else f" ({interval(verdict)})"
    return f"{row.claim.id}: {plus}{number(verdict.estimate)}{unit}{between}, {verdict.word}, {one.preset}"


def agreement(system: System, own: list[Row]) -> str:
    """Whether the first claim's number has the published sign, where its verdict is decided."""
    if system.gains is None:
        return "nothing to compare"
    one = first(own[0]) if own else None
    if one is None:
        return "not run"
    if one.verdict.word == "undecided" or one.verdict.estimate is None:
        return "undecided"
    if one.verdict.low is None or one.verdict.high is None or one.verdict.low <= 0 <= one.verdict.high:
        return "cannot be told"
    return "yes" if (one.verdict.estimate > 0) == system.gains else "no"


def first(row: Row) -> Judged | None:
    return next((one for one in row.verdicts if one.verdict.word != "not run"), None)
