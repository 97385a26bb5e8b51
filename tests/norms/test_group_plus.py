"""GN+: its balance, its orders, and the statistics that the fair versions keep."""

import pytest
import torch

import reference
from anatomy.runs import parts
from reference import array, assert_close

CHANNELS, GROUPS = 4, 2


def layer(**options):
    return parts.load("norm", "group_plus")(CHANNELS, groups=GROUPS, **options).double()


@pytest.fixture
def x(generator: torch.Generator) -> torch.Tensor:
    return torch.randn(5, CHANNELS, 2, 3, generator=generator, dtype=torch.float64) * 2 + 1


def test_it_starts_with_three_quarters_of_group_statistics() -> None:
    """sigmoid(1) = 0.731"""
    assert layer().balance.sigmoid().item() == pytest.approx(0.7310585786300049)


@pytest.mark.parametrize("balance", [-2.0, 0.0, 3.0])
@pytest.mark.parametrize("order", ["group_first", "batch_first", "parallel"])
def test_the_balance_weighs_both_parts(x: torch.Tensor, order: str, balance: float) -> None:
    plus = layer(order=order)
    plus.balance.data.fill_(balance)
    assert_close(plus(x), reference.group_plus(array(x), GROUPS, order, balance))


def test_all_weight_on_the_groups_is_group_normalization_up_to_the_unbiased_deviation(x: torch.Tensor) -> None:
    """A group has 2 channels x 6 pixels = 12 numbers: sqrt(11 / 12) of torch's."""
    plus = layer()
    plus.balance.data.fill_(50.0)
    torchs = torch.nn.functional.group_norm(x, GROUPS, eps=1e-5 * 11 / 12)
    assert_close(plus(x), array(torchs * (11 / 12) ** 0.5))


def test_the_balance_learns(x: torch.Tensor) -> None:
    plus = layer()
    plus(x).pow(3).sum().backward()
    assert plus.balance.grad.abs() > 1e-6


@pytest.mark.parametrize(("per_channel", "shape"), [(True, (CHANNELS, 1, 1)), (False, (CHANNELS, 2, 3))])
def test_running_statistics_follow_the_batches(x: torch.Tensor, per_channel: bool, shape: tuple[int, ...]) -> None:
    """A tenth of the way a batch, from mean 0 and variance 1; the variance is the unbiased one."""
    plus = layer(running=True, per_channel=per_channel, order="parallel")
    plus(x)
    over = (0, 2, 3) if per_channel else (0,)
    assert plus.running_mean.shape == plus.running_var.shape == shape
    assert_close(plus.running_mean, array(0.1 * x.mean(over, keepdim=True)[0]))
    assert_close(plus.running_var, array(0.9 + 0.1 * x.var(over, keepdim=True)[0]))


def test_evaluation_takes_the_running_statistics_and_leaves_them(x: torch.Tensor) -> None:
    plus = layer(running=True, per_channel=True, order="parallel")
    plus(x)
    plus.eval()
    mean, variance = plus.running_mean.clone(), plus.running_var.clone()
    b = (x - mean) / (variance + 1e-5).sqrt()
    a = torch.from_numpy(reference.by_group(array(x), GROUPS, unbiased=True))
    share = torch.ones((), dtype=torch.float64).sigmoid()
    assert_close(plus(x), array(share * a + (1 - share) * b))
    assert torch.equal(plus.running_mean, mean)


def test_training_takes_the_batchs_own_statistics(x: torch.Tensor) -> None:
    plus = layer(running=True)
    plus(x + 100)
    assert_close(plus(x), reference.group_plus(array(x), GROUPS, "group_first", 1.0))


def test_bfloat16_stays_bfloat16(x: torch.Tensor) -> None:
    plus = layer().float()
    low = plus(x.bfloat16())
    assert low.dtype == torch.bfloat16
    # Five roundings to 8 bits on the way, on numbers up to 3.
    assert (low.float() - plus(x.float())).abs().max() < 0.1
