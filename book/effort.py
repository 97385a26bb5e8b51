"""What the runs took, how much was searched, and on which data: the end of the page that says where runs were made.

Counted from the records; what is typed in are the watts of the estimate and the cards of the data sets.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from anatomy import data
from anatomy.chapters import number_of
from anatomy.hardware.processors import Provenance, kind, minutes, on_card
from anatomy.storage.archive import archived
from anatomy.study import request
from anatomy.study.evidence import Evidence
from anatomy.verdicts.numbers import number
from filled import filled
from markup import code, linked, table

CORE, CARD, OVERHEAD = 10, 700, 1.3  # watts of a core with its share of a server, and of an H100; of the building
CARDS = Path(__file__).parent / "data_cards.toml"
Spent = dict[str, tuple[int, float, bool]]  # by kind of processor: runs, hours, whether they are a card's


def effort(studies: Iterable[Evidence], others: Iterable[Provenance], origin: str) -> str:
    """The sections, in MyST; `others`: provenances of runs from second kinds of processor; `origin` is said of each
    table."""
    own = archived(request.PUBLISHED) if request.PUBLISHED.is_dir() else {}
    spent = hours([*(record["provenance"] for record in own.values()), *others])
    return filled(
        "effort.md",
        spent=spent,
        count=sum(runs for runs, _, _ in spent.values()),
        table=table(
            ("kind of processor", "runs", "hours"),
            [(name, str(runs), f"{number(of)} of {'the card' if card else 'a core'}")
             for name, (runs, of, card) in sorted(spent.items())],
        ),
        origin=origin, core=CORE, card=CARD, overhead=OVERHEAD, energy=number(energy(spent)),
        stages=searched(studies), cards="\n\n".join(cards()),
    )  # fmt: skip


def hours(made: Sequence[Provenance]) -> Spent:
    found: Spent = {}
    for one in made:
        runs, spent, card = found.get(kind(one), (0, 0.0, on_card(one)))
        found[kind(one)] = (runs + 1, spent + minutes(one) / 60, card)
    return found


def energy(spent: Spent) -> float:
    """kWh."""
    return sum(of * (CARD if card else CORE) for _, of, card in spent.values()) * OVERHEAD / 1000


def searched(studies: Iterable[Evidence]) -> str:
    """A row a study: how many runs each of its stages has."""
    counts = {
        (evidence.request.chapter, evidence.request.preset.name, evidence.request.dataset): Counter(
            {stage: sum(key in evidence.found for key in keys) for stage, keys in evidence.stages.items()}
        )
        for evidence in studies
    }
    stages = dict.fromkeys(stage for of in counts.values() for stage, count in of.items() if count)
    order = sorted(counts, key=lambda study: number_of(study[0]))
    rows = [(str(number_of(study[0])), *study[1:], *(str(counts[study][stage]) for stage in stages))
            for study in order]  # fmt: skip
    return table(("chapter", "preset", "images", *stages), rows) or "No run is published."


def cards() -> list[str]:
    """A definition list a data set, with the digest by which runs know it."""
    said = []
    for name, card in tomllib.loads(CARDS.read_text("utf-8")).items():
        lines = [f"{what}\n: {linked(text)}" for what, text in card.items()]
        said.append(
            "\n\n".join([f"### {code(name)}", *lines, f"digest in the key of a run\n: {code(data.KNOWN[name])}"])
        )
    return said
