"""Words and numbers of verdicts, as every page writes them."""

import re
from collections.abc import Iterable, Sequence

from anatomy.study import presets
from anatomy.verdicts import Claim, Exact, Part, Verdict
from anatomy.verdicts.claim import SIZES, part_of
from anatomy.verdicts.combine import CANNOT_SHOW, FEWER_SEEDS, flat_parts, to_decide
from anatomy.verdicts.ledger import Judged
from anatomy.verdicts.trend import Trend
from anatomy.verdicts.verdict import Word

WORDS: tuple[Word, ...] = ("holds", "does not hold", "undecided", "not run")
DECIDED = ("holds", "does not hold")
DATA = {"cifar10": "CIFAR-10", "cifar100": "CIFAR-100", "shapes": "drawn shapes", "svhn": "SVHN", "stl10": "STL-10"}
NETWORKS = {"resnet": "ResNet", "vgg": "VGG"}


def chip(word: str) -> str:
    """The word in its colour; it is said in words too."""
    return f'<span class="verdict {kind(word)}">{word}</span>'


def kind(word: str) -> str:
    return word.replace(" ", "-")


def deciding(claim: Claim, verdict: Verdict) -> tuple[str, Part]:
    """The part whose number is the verdict's, with the name under which it was judged."""
    found = (name for name, part in flat_parts(verdict).items() if part.estimate == verdict.estimate)
    name = next(found, next(iter(claim.parts)))
    return name, part_of(claim, name)


def decided_by(claim: Claim, verdict: Verdict) -> Verdict:
    """That of the deciding part, with its own seeds, where another part may have fewer."""
    return flat_parts(verdict).get(deciding(claim, verdict)[0], verdict)


def why_open(verdict: Verdict) -> str:
    """What an undecided claim lacks, as an end of its sentence; nothing where no number of seeds was said to decide."""
    if lacks := re.search(rf"{CANNOT_SHOW}(?: \((.*?)\))?", verdict.note):
        return f"; runs of this size cannot show it{f' ({lacks[1]})' if lacks[1] else ''}"
    if there := FEWER_SEEDS.search(verdict.note):
        return f"; {so_far(list(flat_parts(verdict).values()), there[1]) or f'there are {there[0]}'}"
    return f"; {verdict.needed} seeds would decide it at the spread seen" if verdict.needed else ""


def so_far(parts: Sequence[Verdict], of: str) -> str:
    """How many `of` the seeds the parts have, and how many parts have none; without parts nothing."""
    seeds = [part.n for part in parts if part.word != "not run"]
    who, lacking = "its parts have" if len(seeds) > 1 else "one of its parts has", len(parts) - len(seeds)
    said = [f"{who} {' or '.join(map(str, sorted({*seeds})))} of the {of}"] if seeds else []
    said += [f"{lacking} of its {len(parts)} parts {'was' if lacking == 1 else 'were'} not run"] if lacking else []
    return " and ".join(said)


def largest(verdicts: Iterable[Judged]) -> Judged | None:
    """That of the largest preset, on its own data set, of those that were run if any was."""

    def order(one: Judged) -> tuple[bool, int, bool]:
        own = one.dataset == presets.load(one.preset).dataset
        return one.verdict.word != "not run", SIZES.index(one.preset), own

    by_size = sorted(verdicts, key=order)
    return by_size[-1] if by_size else None


def again(chapter: str, preset: str, dataset: str) -> str:
    """The command that makes a chapter's runs at a preset, on a data set."""
    words = [f"make book CHAPTER={chapter} PRESET={preset}"]
    words += [f"DATASET={dataset}"] if dataset != presets.load(preset).dataset else []
    return " ".join([*words, *(["DATA_ROOT=folder"] if dataset != "shapes" else [])])


def moves(trend: Trend | None) -> str:
    """How an effect moves over the rungs of training, and between which; of a claim that was not climbed nothing."""
    if trend is None:
        return "–"
    passes = [rung.epochs for rung in trend.rungs]
    return "; ".join(filter(None, [f"{trend.word}, {passes[0]} to {passes[-1]} passes", trend.note]))


def note(verdict: Verdict, claim: Verdict | None = None) -> str:
    """Of a verdict, or of a part of a claim's."""
    return "; ".join(filter(None, [verdict.note, to_decide(verdict, claim)]))


def place(one: Judged) -> str:
    """`CIFAR-10, ResNet-8 width 16, overnight`."""
    return f"{DATA.get(one.dataset, one.dataset)}, {network(one.network)}, {one.preset}"


def network(name: str) -> str:
    """`ResNet-8 width 16` of `resnet8 width 16`; several stay several."""
    return re.sub(r"\b(resnet|vgg)(\d+)", lambda found: f"{NETWORKS[found[1]]}-{found[2]}", name)


def behind(claim: Claim, verdict: Verdict) -> str:
    """How many values a verdict has: seeds, but of an identity comparisons, several a seed."""
    exact = isinstance(deciding(claim, verdict)[1].criterion, Exact)
    return f"{verdict.n} comparison{'s' * (verdict.n > 1)}" if exact else counted(verdict.n)


def counted(n: int) -> str:
    """`5 seeds`."""
    return f"{n} {'seed' if n == 1 else 'seeds'}"
