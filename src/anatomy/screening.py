"""Tuning that does not choose by noise, for arms of which a claim says that one beats another.

Each arm is screened at every point of a grid, at a third of the length, with one seed. The best three and the present
setting go on to the full length, with three seeds that no verdict uses. A change is taken only where it beats the
present setting by more than two standard errors. All of it is judged by kNN on held-out training images. Where any arm
of a contrast changes, all of them are trained anew. (With one seed and half the length the choice was made by noise.)

The studies still ask for the grid of `tuning`, whose runs are published; the next ones are to ask for this.
"""

from collections.abc import Callable, Mapping
from math import sqrt
from statistics import fmean, stdev

from anatomy.config import Run
from anatomy.settings import Settings
from anatomy.tuning import candidates

LEARNING_RATES = (0.03, 0.06, 0.12, 0.24)  # for a batch of 256
TEMPERATURES = (0.05, 0.1, 0.2)  # within an anchor, where there are two
SEEDS = (1000, 1001, 1002)  # the first is that of the screen
FINALISTS = 3  # beside the present setting
ERRORS = 2.0  # standard errors by which a change must win
Accuracies = Mapping[str, float]  # by a run's key
Key = Callable[[Run], str]


def grid(arm: Settings) -> list[Settings]:
    """The arm at each point of the screen."""
    return candidates(arm, LEARNING_RATES, TEMPERATURES)


def trial(base: Settings, setting: Settings, seed: int, *, share: int = 1) -> Run:
    """One tuning run: held-out images, and of the length the `share`-th part, in whole epochs, rounded up."""
    given = base | setting
    short = {"epochs": -(-given["epochs"] // share), "evaluate_on": "held_out", "measures": "knn", "recorders": ""}
    return Run.of(**given | short, seed=seed)


def screen(base: Settings, arm: Settings) -> list[Run]:
    """The runs of an arm's screen, in the order of the grid."""
    return [trial(base, setting, SEEDS[0], share=3) for setting in grid(arm)]


def finalists(base: Settings, arm: Settings, accuracies: Accuracies, key: Key) -> list[Settings] | None:
    """The present setting, then the best three others of the screen (of equals the first); None while a run is
    missing."""
    scores = [accuracies.get(key(run)) for run in screen(base, arm)]
    known = [(score, setting) for score, setting in zip(scores, grid(arm), strict=True) if score is not None]
    if len(known) < len(scores):
        return None
    best = sorted(known, key=lambda pair: -pair[0])[:FINALISTS]
    now = trial(base, arm, SEEDS[0])
    return [arm, *(setting for _, setting in best if trial(base, setting, SEEDS[0]) != now)]


def final(base: Settings, settings: list[Settings]) -> list[Run]:
    """The runs of the finalists at full length."""
    return [trial(base, setting, seed) for setting in settings for seed in SEEDS]


def choose(base: Settings, arm: Settings, accuracies: Accuracies, key: Key) -> Settings | None:
    """The arm as it goes on: with the change that wins by most, if any wins; None while a run is missing."""
    settings = finalists(base, arm, accuracies, key)
    if settings is None or any(key(run) not in accuracies for run in final(base, settings)):
        return None
    reached = [[accuracies[key(trial(base, setting, seed))] for seed in SEEDS] for setting in settings]
    gains = [[new - old for new, old in zip(one, reached[0], strict=True)] for one in reached]
    won = [(fmean(gain), place) for place, gain in enumerate(gains) if wins(gain)]
    return settings[max(won, key=lambda pair: pair[0])[1]] if won else arm


def wins(gain: list[float]) -> bool:
    """Whether gains, paired by seed, have a mean above two of its standard errors."""
    return fmean(gain) > ERRORS * stdev(gain) / sqrt(len(gain))


def trained_anew(arms: Mapping[str, Settings], chosen: Mapping[str, Settings]) -> dict[str, Settings]:
    """Of the arms of one contrast those to train at their best: all of them where any has changed, else none."""
    return dict(chosen) if any(chosen[name] != arm for name, arm in arms.items()) else {}
