"""Maps with their channels last in memory: the same numbers, and no operation that meets two orders at once."""

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d
from torch.utils._python_dispatch import TorchDispatchMode

from anatomy.memory_order import every, global_average, in_order_of
from anatomy.training.batches import batches
from anatomy.training.train import prepare, train_step
from tiny import MACHINE, tiny

LAST = torch.channels_last


class Mixed(TorchDispatchMode):
    """Which operations were given maps of one shape in two orders."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def __torch_dispatch__(self, operation: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        maps = [x for x in args if isinstance(x, Tensor) and x.dim() == 4 and x.shape[0] > 1]
        one_shape = len(maps) > 1 and len({x.shape for x in maps}) == 1
        if one_shape and not any(
            all(x.is_contiguous(memory_format=to) for x in maps) for to in (LAST, torch.contiguous_format)
        ):
            self.found.append(f"{operation} {[*maps[0].shape]}")
        return operation(*args, **(kwargs or {}))


@pytest.mark.parametrize(
    "network",
    [
        {},
        {"backbone": "resnet18"},
        {"backbone": "vgg7"},
        {"backbone": "scatnet"},
        {"norm": "group", "groups": 4},
        {"norm": "instance"},
        {"norm": "layer"},
        {"norm": "none"},
        {"norm": "group_plus", "groups": 4},
        {"norm": "group_plus", "groups": 4, "order": "batch_first"},
        {"norm": "batch_channel", "groups": 4},
        {"norm": "batch_channel", "groups": 4, "estimate": True},
    ],
    ids=str,
)
def test_no_operation_of_a_step_meets_maps_in_two_orders(network: dict[str, Any]) -> None:
    training = prepare(tiny(**network), MACHINE)
    training.method.train()
    first, second, *_ = batches(training)
    train_step(training, first, 0)
    with Mixed() as mixed:
        train_step(training, second, 1)
    assert mixed.found == []


def maps(generator: torch.Generator) -> Tensor:
    return torch.randn(3, 4, 6, 6, generator=generator, dtype=torch.float64).contiguous(memory_format=LAST)


@pytest.mark.parametrize(
    ("ours", "plain"),
    [
        (lambda x: every(2, x), lambda x: x[:, :, ::2, ::2]),
        (lambda x: every(1, x), lambda x: x),
        (global_average, lambda x: adaptive_avg_pool2d(x, 1).flatten(1)),
        (lambda x: in_order_of(x, x.contiguous() ** 2), lambda x: x**2),
    ],
    ids=["every second", "every", "average", "in order"],
)
def test_values_and_gradients_are_those_of_the_plain_form(ours: Any, plain: Any, generator: torch.Generator) -> None:
    x = maps(generator).requires_grad_()
    weights = torch.randn(plain(x).shape, generator=generator, dtype=torch.float64)
    assert torch.equal(ours(x), plain(x))
    gradients = [torch.autograd.grad((form(x) * weights).sum(), x)[0] for form in (ours, plain)]
    assert torch.equal(*gradients)
    assert torch.autograd.gradgradcheck(ours, x)


def test_maps_that_lie_otherwise_are_left_so(generator: torch.Generator) -> None:
    x = maps(generator).contiguous()
    y = x + 1
    assert in_order_of(x, y) is y
