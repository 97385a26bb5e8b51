"""What all siamese methods keep, whatever their options; the formulas stand in test_gradients.py."""

from copy import deepcopy

import pytest
import torch

from anatomy.runs import parts
from anatomy.siamese_base import Siamese
from anatomy.step import Method

SMALL = {"predictor_hidden": 3}
FAMILY = {
    "simsiam": SMALL,
    "naive": {},
    "symmetric_predictor": SMALL,
    "mirror": SMALL,
    "moving_average": {"memory_size": 10},
    "explicit_expectation": {"fresh_views": 2},
    "inverse_predictor": SMALL,
    "single_bias": {},
    "single_linear": {},
    "triplet": {},
    "byol": SMALL,
    "phases": SMALL | {"phases": "simsiam 2, residual 2"},
    "siamese": SMALL,
    "barlow_twins": {},
    "vicreg": {},
}
RAW = {"barlow_twins", "vicreg"}  # their embeddings have no unit length


def made(tools, name: str, **options):
    return tools.build(name, **FAMILY[name] | options)


def batch(tools, method, seed: int = 0):
    return tools.batch(6, seed=seed, views=method.views)


@pytest.mark.parametrize("name", FAMILY)
def test_it_is_a_siamese_method_and_needs_no_loss(tools, name: str) -> None:
    method = made(tools, name)
    assert isinstance(method, Siamese)
    assert isinstance(method, Method)
    drawn = ("generator",) if name == "moving_average" else ()  # its memory may begin with random vectors
    assert parts.wants("method", name) == ("encoder", *drawn)


@pytest.mark.parametrize("name", sorted(name for name in FAMILY.keys() - RAW if "predictor_hidden" not in FAMILY[name]))
def test_scaling_raw_embeddings_changes_nothing(tools, name: str) -> None:
    """Vectors have length 1 before loss, memory and one-layer predictors. (A bottleneck begins with BatchNorm.)"""
    method = made(tools, name)
    tools.train(method, batch(tools, method), rate=0)
    before = method(batch(tools, method, 1)).loss.item()
    with torch.no_grad():
        for weight in method.encoder.projector.parameters():
            weight *= 3
    assert method(batch(tools, method, 1)).loss.item() == pytest.approx(before, rel=1e-10)


@pytest.mark.parametrize("name", sorted(FAMILY.keys() - {"phases"}))
def test_swapping_the_views_changes_nothing(tools, name: str) -> None:
    method = made(tools, name)
    once = batch(tools, method)
    swapped = type(once)((once.views[1], once.views[0], *once.views[2:]), once.labels, once.index)
    assert method(once).loss.item() == pytest.approx(method(swapped).loss.item(), rel=1e-10, abs=1e-14)


@pytest.mark.parametrize("name", FAMILY)
def test_a_state_goes_on_where_it_was(tools, name: str) -> None:
    method = made(tools, name)
    for seed in range(3):
        tools.train(method, batch(tools, method, seed))
    other = made(tools, name)
    other.load_state_dict(deepcopy(method.state_dict()))
    for seed in range(3, 6):
        pair = [tools.train(each, batch(tools, each, seed)).loss.item() for each in (method, other)]
        assert pair[0] == pair[1]


@pytest.mark.parametrize("name", ["naive", "triplet", "moving_average", "explicit_expectation"])
def test_without_predictor_there_is_none(tools, name: str) -> None:
    method = made(tools, name)
    assert method.predictor is None
    assert method.constant_rate() == []
    assert set(method(batch(tools, method)).watch) == {"z_1", "z_2", "index"}


def test_each_component_of_each_target(tools) -> None:
    """Center and residual are what both are made of: the three gradients obey both + none = center + residual."""
    one = batch(tools, tools.build("siamese", **SMALL))
    for target in ("embedding", "momentum", "triplet"):
        of = {
            c: tools.weight_gradient(tools.build("siamese", **SMALL, target=target, component=c), one)
            for c in ("both", "center", "residual", "none")
        }
        assert torch.allclose(of["both"] + of["none"], of["center"] + of["residual"], rtol=1e-9, atol=1e-13)
        assert not torch.allclose(of["center"], of["residual"], rtol=1e-2)


def test_the_predictor_may_follow_the_schedule(tools) -> None:
    method = made(tools, "simsiam")
    assert len(method.constant_rate()) == len(list(method.predictor.parameters()))
    assert tools.build("siamese", **SMALL, constant_predictor=False).constant_rate() == []


@pytest.mark.parametrize(("name", "options"), [("moco", {"queue_size": 10}), ("moving_average", {"memory_size": 10})])
def test_a_spectator_takes_nothing_from_the_next_step(tools, name: str, options: dict) -> None:
    """What a method needs after the step does not lie in what is watched."""
    states = []
    for forget in (False, True):
        method = tools.build(name, **options)
        output = method(tools.batch(6))
        if forget:
            output.watch.clear()
        method.after_step(output)
        states.append(method.state_dict())
    assert states[0].keys() == states[1].keys()
    assert all(torch.equal(value, states[1][word]) for word, value in states[0].items())
