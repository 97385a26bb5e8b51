"""What must be trained on one kind of processor: the runs of one seed whose arms some claim compares.

Processors differ in bits, so a paired difference of two arms at one seed never mixes two kinds.
"""

from collections.abc import Iterable, Mapping

from anatomy.runs.arm import Arm
from anatomy.runs.config import Run

Unit = tuple[int, int]  # a seed, and a group of arms


def units(arms: Iterable[tuple[Arm, list[str]]], all_runs: Mapping[str, Run], alone: bool) -> dict[str, Unit]:
    """The unit of each run, by key; `arms` with the keys of their runs.

    `alone`: there are no runs but those of the arms. Else all runs of a seed are one unit: floors, rungs and trials are
    held against arms of every group.
    """
    if not alone:
        return {key: (run.seed, 0) for key, run in all_runs.items()}
    arms = list(arms)
    group = groups([arm.claims for arm, _ in arms])
    of_arm = {key: group[at] for at, (_, keys) in enumerate(arms) for key in keys}
    return {key: (run.seed, of_arm[key]) for key, run in all_runs.items()}


def groups(claims: list[tuple[str, ...]]) -> list[int]:
    """A number for each arm: the same where a chain of shared claims joins them."""
    found = list(range(len(claims)))
    first: dict[str, int] = {}
    for at, named in enumerate(claims):
        for claim in named:
            mine, other = found[at], found[first.setdefault(claim, at)]
            found = [min(mine, other) if one in (mine, other) else one for one in found]
    return found
