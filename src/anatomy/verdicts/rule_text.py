"""A claim's rule as a sentence, drawn from its parts, so that the numbers judged by are the numbers printed."""

from collections.abc import Iterable
from math import exp

from anatomy.verdicts.claim import Claim, Part
from anatomy.verdicts.criteria import Criterion, Difference, Equivalence, Exact, Shape, Threshold
from anatomy.verdicts.student_t import LEVEL

INTERVAL = f"{100 * LEVEL:.0f} % t interval"
NAMES = {Difference: "Difference", Shape: "Shape", Exact: "Exact", Threshold: "Threshold"}
UNSEEN = "in evaluation mode on 1,000 or more clean unseen images after 200 or more steps"


def rule_text(claim: Claim) -> str:
    """What decides the claim, whole."""
    parts = claim.parts
    sentences = ["A demonstration: it follows from algebra or from the code."] if claim.demonstration else []
    sentences += [_capital("; ".join(dict.fromkeys(_name(part.criterion) for part in parts.values()))) + "."]
    if len(parts) == 1:
        (part,) = parts.values()
        sentences.append(
            f"{_capital(criterion_text(part))}{'' if isinstance(part.criterion, Exact) else '; else undecided'}."
        )
    else:
        sentences += [f"{', '.join(names)}: {text}." for text, names in _alike(parts.items()).items()]
        sentences.append("The claim holds if every part does, does not hold if any part does not; else undecided.")
    sentences += [_states(part.criterion) for part in parts.values() if isinstance(part.criterion, Threshold)][:1]
    if not claim.demonstration and (shown := [f'"{name}"' for name, part in parts.items() if part.demonstration]):
        sentences.append(f"A demonstration, which decides nothing: {', '.join(shown)}.")
    if any(_margin(part.criterion) for part in parts.values()) and claim.margins:
        sentences.append(f"Margin: {claim.margins}.")
    if claim.equal_passes is not None:
        sentences.append("Undecided too where the word differs at equal encoder passes with gradient.")
    sentences += mechanisms(claim)
    return " ".join([*sentences, claim.notes]).strip()


def mechanisms(claim: Claim) -> Iterable[str]:
    """When the claim, or a part of it, is undecided whatever its numbers say."""
    if claim.mechanism is not None:
        yield f"Undecided too if {claim.mechanism.absent}."
    found: dict[str, list[str]] = {}
    for name, part in (*claim.parts.items(), *(claim.equal_passes or {}).items()):
        if part.mechanism is not None:
            found.setdefault(part.mechanism.absent, []).append(name)
    for absent, names in found.items():
        whose = "" if {*names} == {*claim.parts} else ", ".join(f'"{name}"' for name in dict.fromkeys(names)) + ": "
        yield f"{whose}{'undecided' if whose else 'Undecided'} too if {absent}."


def criteria_names(claim: Claim) -> str:
    """`shape`; of a claim whose parts are of two kinds, `threshold and difference`."""
    return " and ".join(dict.fromkeys(type(criterion).__name__.lower() for criterion in claim.criteria))


def criterion_text(part: Part) -> str:
    """`holds if ..., does not hold if ...` of one part."""
    match part.criterion:
        case Exact(tolerance):
            return f"holds if the largest relative error is under {tolerance:g}, else it does not hold"
        case Threshold() as t:
            first, second = ("collapsed", "kept") if t.collapsed else ("kept", "collapsed")
            return f"holds if the network is {first} in every seed, does not hold if it is {second} in every seed"
        case Equivalence(margin, one_sided):
            m = margin_text(margin, part.unit)
            if one_sided:
                return f"holds if the {INTERVAL} lies above -{m}, does not hold if it lies below -{m}"
            return f"holds if the {INTERVAL} lies within +-{m}, does not hold if it lies outside"
        case Difference(margin) | Shape(margin):
            below = margin_text(margin, part.unit)
            return f"holds if the {INTERVAL} lies above 0, does not hold if it lies below {below}"


def _states(t: Threshold) -> str:
    return (
        f"Collapsed: standard deviation x sqrt(D) below {t.spread_below:g} and m_o above {t.center_above:g}; "
        f"kept: above {t.spread_above:g}; {UNSEEN}."
    )


def margin_text(margin: float, unit: str) -> str:
    """`2.5 points`; of a logarithm `log 1.1`, as a ratio is easier to read than its logarithm."""
    if unit == "log":
        return f"log {exp(margin):.4g}"
    return f"{margin:g} {unit[:-1] if unit == 'points' and margin == 1 else unit}".strip()


def _alike(parts: Iterable[tuple[str, Part]]) -> dict[str, list[str]]:
    """The names of the parts that one text fits, in the order of the parts."""
    found: dict[str, list[str]] = {}
    for name, part in parts:
        found.setdefault(criterion_text(part), []).append(f'"{name}"')
    return found


def _name(criterion: Criterion) -> str:
    if isinstance(criterion, Equivalence):
        return "equivalence, one-sided (not inferior)" if criterion.one_sided else "equivalence"
    return NAMES[type(criterion)].lower()


def _margin(criterion: Criterion) -> bool:
    return isinstance(criterion, Difference | Shape | Equivalence)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
