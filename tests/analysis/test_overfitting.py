"""The detector of catastrophic overfitting: planted curves, and a network with a planted mask."""

from dataclasses import replace
from math import isnan

import pandas as pd
import torch

from anatomy.analysis.overfitting import detectable, first_step, outcomes, overfit
from anatomy.attacks import normalized
from anatomy.recorders.robustness import Robustness
from anatomy.step import Method, StepOutput
from hiding import EPSILON, hiding


def curve(*rows: tuple[float, float], key: str = "a", seed: int = 0) -> pd.DataFrame:
    """(fgsm, pgd), every ten steps."""
    numbers = [{"step": 10 * at, "fgsm": fgsm, "pgd": pgd} for at, (fgsm, pgd) in enumerate(rows)]
    return pd.DataFrame(numbers).assign(key=key, seed=seed)


def test_a_fall_with_a_gap_is_seen_at_its_step() -> None:
    fallen = curve((30, 28), (42, 40), (60, 19), (90, 0))
    assert overfit(fallen).tolist() == [False, False, True, True]
    assert first_step(fallen) == 20
    mixed = fallen.iloc[[3, 0, 2, 1]]
    assert first_step(mixed) == 20
    assert overfit(mixed).tolist() == [False, False, True, True]


def test_a_slow_decay_is_none() -> None:
    """Robust overfitting: accuracy under both falls, and no gap opens."""
    assert first_step(curve((42, 40), (30, 25), (20, 12))) is None


def test_a_gap_alone_is_none() -> None:
    assert first_step(curve((50, 40), (70, 35), (90, 30))) is None


def test_what_never_rose_cannot_fall() -> None:
    assert not detectable(curve((15, 12), (30, 0)))
    assert detectable(curve((25, 20), (30, 0)))


def test_each_run_by_itself() -> None:
    found = outcomes(pd.concat([curve((42, 40), (90, 0)), curve((42, 40), (45, 41), key="b", seed=1)]))
    assert list(found["key"]) == ["a", "b"]
    assert found["first"].iloc[0] == 10
    assert isnan(found["first"].iloc[1])
    assert list(found["highest"]) == [40, 41]
    assert list(found["last"]) == [0, 41]
    assert list(found["seen"]) == [True, True]
    assert outcomes(found.head(0).assign(step=0, fgsm=0.0, pgd=0.0)).empty


def test_a_network_that_begins_to_hide_is_seen() -> None:
    """Five steps without a mask, then with one: by the recorder's own rows."""
    method, recorder = Method(), Robustness(ball=EPSILON)
    view = normalized(torch.full((10, 3, 8, 8), 128 / 255))
    output = StepOutput(torch.zeros(()), {"view_1": view, "labels": torch.zeros(10).long()})
    for step in range(8):
        method.encoder = hiding(0.0 if step < 5 else 1.0)
        recorder.after_backward(step, replace(output), method)
    recorder.rows.fetch()
    table = pd.DataFrame(recorder.rows.table()).assign(key="a", seed=0)
    assert first_step(table) == 5
