"""An arm of a study: one setting that is run with several seeds, and the claims that read its runs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from anatomy.runs.config import Run
from anatomy.settings import Settings


@dataclass(frozen=True)
class Arm:
    """All settings of its runs but the seed. `claims` are the ids of those that read them; a control has none.
    `tuned`: those of them that also compare it at its own best, with the other arms that they name so."""

    settings: Settings
    claims: tuple[str, ...] = ()
    tuned: tuple[str, ...] = ()
    figure: bool = False  # it stands in a figure, and neither a claim nor another arm is held against it
    once: bool = False  # one seed is enough, whichever are asked for

    def __or__(self, settings: Settings) -> "Arm":
        """The same arm with these settings too."""
        return replace(self, settings=self.settings | settings)


def ids(family: str, *numbers: int) -> tuple[str, ...]:
    """`dictionary-7` and so on, of one family."""
    return tuple(f"{family}-{number}" for number in numbers)


def on(base: Settings, arms: Iterable[Arm]) -> list[Arm]:
    """Arms that say only in what they depart from a base, with the rest of their settings."""
    return [replace(arm, settings=base | arm.settings) for arm in arms]


def runs_of(arms: Iterable[Arm], seeds: Sequence[int], needed: Callable[[Arm], int] | None = None) -> list[Run]:
    """Every arm with all seeds, or with the first `needed` of them; arm by arm, in the order given."""
    made = ((Run.of(**arm.settings), seeds_of(arm, seeds, needed)) for arm in arms)
    # Checked once an arm: a study has hundreds of runs, and a seed is no part's option.
    return [run.model_copy(update={"seed": seed}) for run, own in made for seed in own]


def seeds_of(arm: Arm, seeds: Sequence[int], needed: Callable[[Arm], int] | None = None) -> Sequence[int]:
    """Those of the seeds that an arm is run with."""
    if arm.once:
        return seeds[:1]
    return seeds if needed is None else seeds[: needed(arm)]
