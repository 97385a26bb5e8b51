"""A step's update against the optimizers' formulas written out; what chance and precision depend on."""

from collections.abc import Iterator
from math import cos, pi
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from anatomy.hardware.machine import Machine
from anatomy.runs import parts
from anatomy.runs.config import Run
from anatomy.training import train
from anatomy.training.batches import batches
from anatomy.training.run_tables import run_tables
from anatomy.training.state import Training
from anatomy.training.train import fit, prepare
from reference import Array, array, assert_close
from tiny import MACHINE, tiny

# 6 steps, and a predictor: a group of weights with a rate of its own.
TWO_GROUPS = {"method": "simsiam", "temperature": None, "predictor_hidden": 8, "width": 8, "recorders": ""}
DECAY = 0.05  # large, so that where it acts shows in float32


def steps(training: Training) -> Iterator[list[tuple[Array, Array, Array, bool]]]:
    """Of each step and weight: before, its gradient, after, and whether its rate is constant."""
    before: list[tuple[Array, Array]] = []

    def note(*_: Any) -> None:
        for group in training.optimizer.param_groups:
            before.extend((array(p), array(torch.zeros_like(p) if p.grad is None else p.grad)) for p in group["params"])

    training.optimizer.register_step_pre_hook(note)
    training.method.train()
    groups = training.optimizer.param_groups
    weights = [(p, bool(group.get("constant"))) for group in groups for p in group["params"]]
    for number in range(training.steps):
        if number % training.steps_per_epoch == 0:
            training.epoch = number // training.steps_per_epoch
            drawn = batches(training)
        before.clear()
        train.train_step(training, next(drawn), number)
        yield [(*one, array(p), constant) for one, (p, constant) in zip(before, weights, strict=True)]


def rates(peak: float, count: int = 6) -> list[float]:
    """Warm-up over a third of 6 steps, then half a cosine."""
    return [peak / 2, peak, *(peak * (1 + cos(pi * (step - 2) / 4)) / 2 for step in range(2, count))]


def test_sgd_with_momentum_and_l2_in_both_groups() -> None:
    """v <- m v + (g + wd w), w <- w - rate v; the rate is 0.4 x 32 / 256 at its peak, and stays there for a predictor.

    Momentum 0.9 whatever was asked, and a predictor that does not decay, once passed every test.
    """
    run = tiny(**TWO_GROUPS, learning_rate=0.4, warmup=1 / 3, weight_decay=DECAY, sgd_momentum=0.6)
    scheduled, moving = rates(0.05), {}
    for step, weights in enumerate(steps(prepare(run, MACHINE))):
        for number, (old, gradient, new, constant) in enumerate(weights):
            moving[number] = 0.6 * moving.get(number, 0.0) + gradient + DECAY * old
            rate = 0.05 if constant else scheduled[step]
            assert_close(new, old - rate * moving[number], dtype="float32")
        assert {constant for *_, constant in weights} == {False, True}


def test_adam_with_l2_in_the_gradient() -> None:
    """Kingma and Ba 2015, arXiv:1412.6980, algorithm 1, of g + wd w. Decay beside it (AdamW) is another optimizer."""
    run = tiny(**TWO_GROUPS, optimizer="adam", learning_rate=0.01, warmup=1 / 3, weight_decay=DECAY)
    scheduled, first, second = rates(0.01), {}, {}
    for step, weights in enumerate(steps(prepare(run, MACHINE))):
        for number, (old, gradient, new, constant) in enumerate(weights):
            g = gradient + DECAY * old
            first[number] = 0.9 * first.get(number, 0.0) + 0.1 * g
            second[number] = 0.999 * second.get(number, 0.0) + 0.001 * g**2
            m, v = first[number] / (1 - 0.9 ** (step + 1)), second[number] / (1 - 0.999 ** (step + 1))
            rate = 0.01 if constant else scheduled[step]
            # float32 keeps 7 digits of w, not of the step: a rate of 0.01 against weights of about 1.
            assert_close(new, old - rate * m / (v**0.5 + 1e-8), dtype="float32")


def test_in_the_phase_of_nothing_decay_and_momentum_move_alone() -> None:
    """After two steps of SimSiam: v <- 0.9 v + wd w for the encoder; the predictor, which no loss reaches, rests."""
    run = tiny(method="phases", phases="simsiam 2, nothing 4", weight_decay=DECAY, warmup=0.0, schedule="constant",
               **{name: TWO_GROUPS[name] for name in ("temperature", "predictor_hidden", "width", "recorders")},
               learning_rate=0.4)  # fmt: skip
    moving: dict[int, Array] = {}
    for step, weights in enumerate(steps(prepare(run, MACHINE))):
        for number, (old, gradient, new, is_predictor) in enumerate(weights):
            if step >= 2:
                assert not gradient.any()
            if step >= 2 and is_predictor:
                assert (new == old).all()
                continue
            moving[number] = 0.9 * moving.get(number, 0.0) + gradient + DECAY * old
            assert_close(new, old - 0.05 * moving[number], dtype="float32")


# --- chance: each stream is of a seed, and of an epoch

DROPOUT = {"backbone": "vgg7", "dropout": 0.5, "width": 8, "views": "whole", "recorders": ""}


def dropped(training: Training, epoch: int) -> list[Tensor]:
    """What dropout leaves of the same images, at the first two steps of an epoch."""
    training.epoch = epoch
    training.method.train()
    images = torch.ones(4, 3, 16, 16)
    return [training.method.encoder(images) for _ in zip(range(2), batches(training), strict=False)]


def test_dropout_is_of_a_seed_an_epoch_and_a_step() -> None:
    """Weights of seed 0 in every case. Without the epoch, each epoch drops the same."""
    training, again = (prepare(tiny(**DROPOUT), MACHINE) for _ in range(2))
    other = prepare(tiny(**DROPOUT, seed=1), MACHINE)
    other.method.load_state_dict(training.method.state_dict())
    first, second = dropped(training, 0), dropped(training, 1)
    for epoch, expected in ((1, second), (0, first)):  # a resumed run has not seen the epochs before
        assert all(torch.equal(*pair) for pair in zip(dropped(again, epoch), expected, strict=True))
    five = [*first, *second, dropped(other, 0)[0]]
    assert not any(torch.equal(a, b) for i, a in enumerate(five) for b in five[:i])


def test_a_methods_own_draws_are_of_a_seed_and_an_epoch() -> None:
    def drawn(seed: int, epoch: int) -> float:
        training = prepare(tiny(width=8, seed=seed), MACHINE)
        training.epoch = epoch
        given = list(batches(training))
        assert {batch.epoch for batch in given} == {epoch}
        generators = {id(batch.generator): batch.generator for batch in given}
        (generator,) = generators.values()  # one for all steps, which goes on from step to step
        return torch.rand((), generator=generator).item()

    assert drawn(0, 1) == drawn(0, 1)
    assert len({drawn(0, 0), drawn(0, 1), drawn(1, 0), drawn(1, 1)}) == 4


MINE = """
import torch

def mine(trained):
    views = [trained.draw(8, name).box.tolist() for name in ("a", "b")]
    numbers = [torch.rand((), generator=trained.generator(name)).item() for name in ("a", "b")]
    return {"views": views, "numbers": numbers, "steps": [trained.steps], "size": [trained.size]}
"""


def test_a_measures_draws_are_of_a_seed_and_a_name(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MINE)
    name = f"{tmp_path}/mine.py:mine"
    one, same, other = (
        run_tables(prepare(tiny(width=8, measures=name, seed=seed, crop_min=0.3), MACHINE))[name] for seed in (0, 0, 1)
    )
    assert one == same
    assert (one["steps"], one["size"]) == ([6], [16])
    for column in ("views", "numbers"):
        assert one[column][0] != one[column][1]
        assert not any(value in other[column] for value in one[column])


def test_a_measure_draws_the_runs_own_views(tmp_path: Path) -> None:
    """Of `whole` images, every box is the whole image."""
    (tmp_path / "mine.py").write_text(MINE)
    name = f"{tmp_path}/mine.py:mine"
    table = run_tables(prepare(tiny(width=8, measures=name, views="whole"), MACHINE))[name]
    height, width = prepare(tiny(width=8), MACHINE).images.images.shape[2:]
    assert table["views"] == [[[0, 0, height, width]] * 8] * 2


# --- precision

LABELED = {"method": "supervised", "projector": "linear", "dimension": 10, "temperature": None, "width": 8}
IN_FLOAT64 = {"batch_mates", "attack_identities"}  # on a copy of the network
# Half precision hides small gradients from an attack.
IN_FULL = IN_FLOAT64 | {"robust_accuracy", "local_linearity", "class_ranks", "defense_costs"}
IN_FULL |= {"transferred_ranks", "probe_under_attack"}


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("name", parts.names("measure"))
def test_a_measure_looks_in_the_precision_of_the_run(name: str, precision: str) -> None:
    run = tiny(**LABELED, measures=name, recorders="", images=64, norm="layer")
    training, looked = prepare(run, Machine("cpu", precision, 1, compile="no")), []
    training.method.encoder.backbone.register_forward_hook(lambda *_: looked.append(torch.is_autocast_enabled("cpu")))
    run_tables(training)
    assert looked
    assert set(looked) == {precision == "bf16" and name not in IN_FULL}


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_a_recorder_of_the_whole_set_too(precision: str) -> None:
    """One step an epoch, and one pass over 32 images behind it."""
    run = tiny(**TWO_GROUPS | {"recorders": "geometry"}, images=32, measures="")
    training, looked = prepare(run, Machine("cpu", precision, 1, compile="no")), []
    training.method.encoder.register_forward_hook(
        lambda module, *_: looked.append((module.training, torch.is_autocast_enabled("cpu")))
    )
    fit(training)
    bf16 = precision == "bf16"
    assert looked == [(True, bf16), (True, bf16), (False, bf16)] * 2


def test_a_landscape_is_walked_in_float32() -> None:
    run = tiny(**LABELED, recorders="landscape", every=1, distances=(0.1, 0.2), images=32, epochs=1, measures="")
    training, looked = prepare(run, Machine("cpu", "bf16", 1, compile="no")), []
    training.method.encoder.register_forward_hook(lambda *_: looked.append(torch.is_autocast_enabled("cpu")))
    fit(training)
    assert looked == [True, False, False, False]


def test_the_run_of_these_tests_has_two_groups() -> None:
    assert len(prepare(tiny(**TWO_GROUPS), MACHINE).optimizer.param_groups) == 2
    assert isinstance(tiny(**TWO_GROUPS), Run)
