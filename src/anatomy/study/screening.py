"""Each arm at its own best, by a tuning that does not choose by noise: for arms of which a claim calls one better.

Each arm is screened at every point of a grid, at a third of the length, with one seed. The best three and the present
setting go on to the full length, with three seeds that no verdict uses. A change is taken only where it beats the
present setting by more than two standard errors. All of it is judged by kNN on held-out training images. (With one seed
and half the length the choice was made by noise.)

The arms of one contrast are those that name the same claim in `Arm.tuned`. They are compared once all of them have
chosen. An arm that stays as it is is the same run as with the common settings.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import sqrt
from statistics import fmean, stdev

from anatomy.runs.arm import Arm
from anatomy.runs.config import Run
from anatomy.runs.floor import READOUTS
from anatomy.runs.kinds import Part
from anatomy.settings import Settings

LEARNING_RATES = (0.03, 0.06, 0.12, 0.24)  # for a batch of 256
TEMPERATURES = (0.05, 0.1, 0.2)  # within an anchor, where there are two
SEEDS = (1000, 1001, 1002)  # the first is that of the screen
FINALISTS = 3  # beside the present setting
ERRORS = 2.0  # standard errors by which a change must win
Accuracies = Mapping[str, float]  # by a run's key
Key = Callable[[Run], str]


@dataclass(frozen=True)
class Tuned:
    """An arm's tuning as far as it is known: the final follows from the screen, and what is chosen from both."""

    arm: Arm
    screen: list[Run]
    final: list[Run] = field(default_factory=list)
    chosen: Settings | None = None


def tune(arm: Arm, accuracies_of: Callable[[list[Run]], dict[str, float]], key: Key) -> Tuned:
    """`accuracies_of` knows those of the runs that there are, by key."""
    first = screen(arm.settings)
    known = accuracies_of(first)
    settings = finalists(arm.settings, known, key) if len(known) == len(first) else None
    if settings is None:
        return Tuned(arm, first)
    last = final(settings)
    return Tuned(arm, first, last, choose(arm.settings, known | accuracies_of(last), key))


def at_own_best(tuned: Sequence[Tuned], runs_of: Callable[[Arm], list[Run]]) -> list[Run]:
    """The runs of every contrast whose arms have all chosen; `runs_of` knows the seeds of an arm."""
    waiting = {contrast for one in tuned if one.chosen is None for contrast in one.arm.tuned}
    runs: list[Run] = []
    for one in tuned:
        if one.chosen is not None and set(one.arm.tuned) - waiting:
            own = runs_of(replace(one.arm, settings=one.chosen))
            runs += own if one.chosen == one.arm.settings else map(bare, own)
    return runs


# --- one arm


def grid(arm: Settings) -> list[Settings]:
    """The arm at each point of the screen, on all else equal; of two temperatures the inner one is tuned."""
    name = "temperature" if "temperature" in arm else "temperature_intra"
    return [arm | {"learning_rate": rate, name: t} for rate, t in product(LEARNING_RATES, TEMPERATURES)]


def bare(run: Run) -> Run:
    """Without what is recorded, and measured for its accuracy alone."""
    measures = tuple(part for part in run.measures if part.name in READOUTS)
    return run.model_copy(update={"recorders": (), "measures": measures})


def trial(setting: Settings, seed: int, *, share: int = 1) -> Run:
    """One tuning run: held-out images, and of the length the `share`-th part, in whole epochs, rounded up."""
    run = bare(Run.of(**setting, seed=seed))
    short = {"epochs": -(-run.epochs // share), "evaluate_on": "held_out", "measures": (Part(name="knn"),)}
    return run.model_copy(update=short)


def screen(arm: Settings) -> list[Run]:
    """The runs of an arm's screen, in the order of the grid."""
    return [trial(setting, SEEDS[0], share=3) for setting in grid(arm)]


def finalists(arm: Settings, accuracies: Accuracies, key: Key) -> list[Settings] | None:
    """The present setting, then the best three others of the screen (of equals the first); None while a run is
    missing."""
    scores = [accuracies.get(key(run)) for run in screen(arm)]
    known = [(score, setting) for score, setting in zip(scores, grid(arm), strict=True) if score is not None]
    if len(known) < len(scores):
        return None
    best = sorted(known, key=lambda pair: -pair[0])[:FINALISTS]
    now = trial(arm, SEEDS[0])
    return [arm, *(setting for _, setting in best if trial(setting, SEEDS[0]) != now)]


def final(settings: list[Settings]) -> list[Run]:
    """The runs of the finalists at full length."""
    return [trial(setting, seed) for setting in settings for seed in SEEDS]


def choose(arm: Settings, accuracies: Accuracies, key: Key) -> Settings | None:
    """The arm as it goes on: with the change that wins by most, if any wins; None while a run is missing."""
    settings = finalists(arm, accuracies, key)
    if settings is None or any(key(run) not in accuracies for run in final(settings)):
        return None
    reached = [[accuracies[key(trial(setting, seed))] for seed in SEEDS] for setting in settings]
    gains = [[new - old for new, old in zip(one, reached[0], strict=True)] for one in reached]
    won = [(fmean(gain), place) for place, gain in enumerate(gains) if wins(gain)]
    return settings[max(won, key=lambda pair: pair[0])[1]] if won else arm


def wins(gain: list[float]) -> bool:
    """Whether gains, paired by seed, have a mean above two of its standard errors."""
    return fmean(gain) > ERRORS * stdev(gain) / sqrt(len(gain))
