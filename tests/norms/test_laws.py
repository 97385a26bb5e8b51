"""What every normalization layer keeps to, and what each averages over, in one table."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

import reference
from anatomy.errors import InputError
from anatomy.runs import parts
from fake_cuda import fake_cuda
from reference import array, assert_close

CHANNELS, GROUPS = 6, 3


@dataclass(frozen=True)
class Case:
    """One layer: its options, its oracle (affine map left at its start), and what it claims."""

    name: str
    oracle: Any  # [N, C, H, W] -> the same
    options: dict[str, Any] = field(default_factory=dict)
    alone: bool = True  # an image's output in training depends on that image alone
    alone_later: bool = True  # and in evaluation
    several: bool = False  # in training a batch of one is an error

    def layer(self) -> nn.Module:
        return parts.load("norm", self.name)(CHANNELS, **self.options).double()


def plus(order: str = "group_first", **options: Any) -> Case:
    oracle = partial(
        reference.group_plus, groups=GROUPS, order=order, balance=1.0, per_channel=options.get("per_channel", False)
    )
    given = {"groups": GROUPS, "order": order, **options}
    return Case("group_plus", oracle, given, alone=False, alone_later=options.get("running", False), several=True)


CASES = {
    "none": Case("none", lambda x: x),
    "batch": Case("batch", reference.by_channel, alone=False, several=True),
    "group": Case("group", partial(reference.by_group, groups=GROUPS), {"groups": GROUPS}),
    "layer": Case("layer", partial(reference.by_group, groups=1)),
    "instance": Case("instance", partial(reference.by_group, groups=CHANNELS)),
    "GN+": plus(),
    "GN+, batch first": plus("batch_first"),
    "GN+, parallel": plus("parallel"),
    "GN+ per channel": plus(per_channel=True),
    "GN+ running": plus(running=True),
    "GN+ fair": plus(running=True, per_channel=True),
    "batch_channel": Case(
        "batch_channel",
        lambda x: reference.by_group(reference.by_channel(x), GROUPS),
        {"groups": GROUPS},
        alone=False,
        several=True,
    ),
}


@pytest.fixture(params=CASES, name="case")
def each(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


def maps(n: int = 4, seed: int = 0) -> Tensor:
    """[n, 6, 3, 2] float64, of no zero mean and no unit deviation, every channel and image another."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(n, CHANNELS, 3, 2, generator=generator, dtype=torch.float64)
    scale = torch.rand(n, CHANNELS, 1, 1, generator=generator, dtype=torch.float64)
    return x * (1 + scale) + 3 * scale


def test_every_norm_stands_here() -> None:
    assert {case.name for case in CASES.values()} == set(parts.names("norm"))


def test_against_loops(case: Case) -> None:
    assert_close(case.layer()(maps()), case.oracle(array(maps())))


def test_any_memory_layout_gives_the_same(case: Case) -> None:
    x = maps()
    assert_close(case.layer()(x.contiguous(memory_format=torch.channels_last)), array(case.layer()(x)))


def test_gradient(case: Case) -> None:
    x = maps(3).requires_grad_()
    assert torch.autograd.gradcheck(case.layer(), x)


@pytest.mark.parametrize("training", [True, False])
def test_what_a_batch_mate_can_change(case: Case, training: bool) -> None:
    """Its output, and its gradient: exactly nothing, or a lot."""
    layer = case.layer().train(training)
    if training is False:
        layer.train()(maps(seed=5))
        layer.eval()
    outputs, gradients = [], []
    for mates in (1, 2):
        own = maps()[:2].requires_grad_()
        out = layer(torch.cat((own, maps(seed=mates)[:2])))
        outputs.append(out[:2].detach())
        (gradient,) = torch.autograd.grad(out[:2].square().sum() + out.pow(3).sum(), own)
        gradients.append(gradient)
    alone = case.alone if training else case.alone_later
    for first, second in (outputs, gradients):
        largest = (first - second).abs().max().item()
        # GroupNorm's sums run in the same order for an image wherever it stands, so this is exact.
        assert (largest == 0.0) if alone else (largest > 1e-3)


def test_one_image(case: Case) -> None:
    """Statistics of a batch of one are an error; evaluated, only GN+ as published needs a batch."""
    layer = case.layer()
    if case.several:
        with pytest.raises(InputError, match="a batch of 1 image has no statistics of the batch; give 2 or more"):
            layer(maps(1))
    else:
        assert layer(maps(1)).shape == maps(1).shape
    layer.train()(maps())
    layer.eval()
    if case.alone_later:
        assert layer(maps(1)).isfinite().all()
    else:
        with pytest.raises(InputError, match="batch of 1 image"):
            layer(maps(1))


def test_a_gain_and_a_shift_for_each_channel(case: Case) -> None:
    """y -> gamma_c y + beta_c; batch_channel's outer ones are per group, none has a shift alone."""
    layer, plain = case.layer(), array(case.layer()(maps()))
    size = GROUPS if case.name == "batch_channel" else CHANNELS
    bias, wanted = torch.arange(1.0, size + 1).double(), np.arange(1.0, size + 1).repeat(CHANNELS // size)
    with torch.no_grad():
        layer.bias.copy_(bias.view(layer.bias.shape))
        if case.name != "none":
            layer.weight.copy_(2 * bias.view(layer.weight.shape))
            plain = plain * 2 * wanted[:, None, None]
    assert_close(layer(maps()), plain + wanted[:, None, None])


def test_a_new_layer_loads_what_a_used_one_saved(case: Case) -> None:
    used, fresh = case.layer(), case.layer()
    used(maps())
    fresh.load_state_dict(used.state_dict())
    for layer in (used, fresh):
        layer.eval()
    assert torch.equal(used(maps(seed=3)), fresh(maps(seed=3)))


@pytest.mark.parametrize("name", ["group", "group_plus", "batch_channel"])
def test_groups_that_do_not_divide_the_channels(name: str) -> None:
    said = "groups is 4, but a layer has 6 channels, which it does not divide; try 2"
    with pytest.raises(InputError, match=said):
        parts.load("norm", name)(CHANNELS, groups=4)


@pytest.mark.parametrize("name", ["group", "group_plus", "batch_channel"])
def test_the_papers_32_groups(name: str) -> None:
    assert parts.default("norm", name, "groups") == 32


@pytest.mark.parametrize("name", [name for name in CASES if name != "none"])
def test_a_map_without_spread_is_zero_and_has_a_finite_gradient(name: str) -> None:
    x = torch.ones(4, CHANNELS, 3, 2, dtype=torch.float64, requires_grad=True)
    y = CASES[name].layer()(x)
    y.sum().backward()
    assert_close(y, np.zeros(x.shape))
    assert x.grad is not None
    assert x.grad.isfinite().all()


# --- the same layer on a processor and on a card


class Dtypes(TorchDispatchMode):
    """Of each operation, its name and the dtype of what it gives; apart from copies, and from torch's own kernels for
    a whole norm, whose dtype inside does not matter."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, torch.dtype]] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        given = func(*args, **(kwargs or {}))
        name = str(func.overloadpacket).removeprefix("aten.")
        if isinstance(given, Tensor) and name not in (
            "_to_copy",
            "empty",
            "clone",
            "detach",
            "view",
            "contiguous",
            "alias",
        ):
            self.seen.append((name, given.dtype))
        return given


EVERY_DIAL = {
    **{name: case for name, case in CASES.items() if case.name != "group_plus"},
    "estimate": Case("batch_channel", None, {"groups": GROUPS, "estimate": True}),
    **{
        f"GN+ {order}, {running=}, {per_channel=}": plus(order, running=running, per_channel=per_channel)
        for order in ("group_first", "batch_first", "parallel")
        for running in (False, True)
        for per_channel in (False, True)
    },
}


@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("name", EVERY_DIAL)
def test_a_layer_is_the_same_on_a_processor_and_on_a_card(name: str, precision: torch.dtype) -> None:
    """In the map's own dtype, and by the same arithmetic: so an arm means the same thing on both."""
    x, seen = maps().to(precision), {}
    for device, card in (("cpu", nullcontext()), ("cuda", fake_cuda())):
        with card, Dtypes() as dtypes:
            layer, given = EVERY_DIAL[name].layer().float().to(device), x.to(device)
            with torch.autocast(device, torch.bfloat16, enabled=precision == torch.bfloat16):
                outputs = [layer.train(training)(given) for training in (True, False)]
            assert [out.dtype for out in outputs] == [precision] * 2
            assert all(out.device.type == device for out in outputs)
        seen[device] = dtypes.seen
    assert seen["cpu"] == seen["cuda"]
