"""An arm of a study: one setting that is run with several seeds, and the claims that read its runs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from anatomy.paths import one_form
from anatomy.runs.config import Run
from anatomy.settings import Settings

_CHECKED: dict[str, Run] = {}  # without a data set, by its settings


@dataclass(frozen=True)
class Arm:
    """All settings of its runs but the seed. `claims` are the ids of those that read them; a control has none.
    `tuned`: those of them that also compare it at its own best, with the other arms that they name so."""

    settings: Settings
    claims: tuple[str, ...] = ()
    tuned: tuple[str, ...] = ()
    figure: bool = False  # it stands in a figure, and neither a claim nor another arm is held against it
    once: bool = False  # one seed is enough, whichever are asked for
    # By the option that names it: all settings of the run, of the same seed, whose weights its runs use.
    uses: Mapping[str, Settings] = field(default_factory=dict)

    def __or__(self, settings: Settings) -> "Arm":
        """The same arm with these settings too."""
        return replace(self, settings=self.settings | settings)


def ids(family: str, *numbers: int) -> tuple[str, ...]:
    """`dictionary-7` and so on, of one family."""
    return tuple(f"{family}-{number}" for number in numbers)


def on(base: Settings, arms: Iterable[Arm]) -> list[Arm]:
    """Arms that say only in what they depart from a base, with the rest of their settings."""
    return [replace(arm, settings=base | arm.settings) for arm in arms]


def runs_of(
    arms: Iterable[Arm], seeds: Sequence[int], needed: Callable[[Arm], int] | None = None, digest: str = ""
) -> list[Run]:
    """Every arm with all seeds, or with the first `needed` of them; arm by arm, in the order given. `digest`: of the
    data, which the keys of runs that others use depend on."""
    return [run for arm in arms for run in _of_arm(arm, seeds_of(arm, seeds, needed), digest)]


def _of_arm(arm: Arm, seeds: Sequence[int], digest: str) -> list[Run]:
    if arm.uses:
        used = [{option: _key(of, seed, digest) for option, of in arm.uses.items()} for seed in seeds]
        return [Run.of(**arm.settings | others, seed=seed) for seed, others in zip(seeds, used, strict=True)]
    run = _checked(arm.settings) if seeds else None
    return [run.model_copy(update={"seed": seed}) for seed in seeds] if run else []


def _checked(settings: Settings) -> Run:
    """The arm's run without a seed. Checked once an arm, whatever the seeds and the data set: a study has hundreds of
    runs, the commands ask for each study on every set, and neither is a part's option."""
    named = {"dataset": one_form(settings["dataset"])} if "dataset" in settings else {}
    shared = {name: value for name, value in settings.items() if name not in named}
    known = repr(sorted(shared.items()))
    if ":" in known:  # a file of the user's own, which may be edited
        return Run.of(**settings)
    if known not in _CHECKED:
        _CHECKED[known] = Run.of(**shared)
    return _CHECKED[known].model_copy(update=named)


def _key(settings: Settings, seed: int, digest: str) -> str:
    return Run.of(**settings, seed=seed).key(digest)


def seeds_of(arm: Arm, seeds: Sequence[int], needed: Callable[[Arm], int] | None = None) -> Sequence[int]:
    """Those of the seeds that an arm is run with."""
    if arm.once:
        return seeds[:1]
    return seeds if needed is None else seeds[: needed(arm)]
