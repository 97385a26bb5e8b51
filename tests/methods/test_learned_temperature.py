"""A temperature that is trained: what it is worth, where it is held, and that it goes where the loss falls."""

import pytest
import torch

from anatomy.errors import InputError
from anatomy.losses.info_nce import info_nce
from anatomy.methods.learned_temperature import info_nce_at
from anatomy.similarity import LARGE, in_batch, unit
from reference import assert_close


def test_at_its_start_it_is_simco_of_that_temperature(tools) -> None:
    batch, seen = tools.batch(6), []
    method = tools.build("learned_temperature", start=0.2)
    assert method(batch).loss.item() == pytest.approx(tools.build("simco")(batch).loss.item(), rel=1e-10)
    seen.append(method(batch).watch["temperatures"])
    assert_close(seen[0], torch.full((1, 6), 0.2, dtype=torch.float64))


def test_it_moves_to_where_the_loss_is_lower(tools) -> None:
    """d loss / d shift by central differences, and a step against it."""
    method, batch = tools.build("learned_temperature", start=0.2), tools.batch(6)
    method(batch).loss.backward()
    slope, step, values = method.shift.grad.item(), 1e-5, []
    for shift in (step, -step):
        with torch.no_grad():
            method.shift.fill_(shift)
        values.append(method(batch).loss.item())
    assert slope == pytest.approx((values[0] - values[1]) / 2 / step, rel=1e-6)
    assert abs(slope) > 1e-3


@pytest.mark.parametrize(("shift", "expected"), [(9.0, 0.05), (-9.0, 0.4), (0.1, 0.2 * 0.9048374180359595)])
def test_it_is_held_in_its_bounds(tools, shift: float, expected: float) -> None:
    method = tools.build("learned_temperature", start=0.2, smallest=0.05, largest=0.4)
    with torch.no_grad():
        method.shift.fill_(shift)
    method.after_step(method(tools.batch(6)))
    assert method.temperature().item() == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("n", [6, LARGE])
@pytest.mark.parametrize("temperature", [0.01, 0.004])
def test_a_small_temperature_is_right_in_float32(generator: torch.Generator, n: int, temperature: float) -> None:
    """Logits of 100 and 250: their plain sums leave float32, in a small batch and in one that is summed in tiles."""
    z_1, z_2 = (unit(torch.randn(n, 8, generator=generator, dtype=torch.float64)) for _ in range(2))
    z_1 = unit(z_1 + z_2)

    def found(dtype: torch.dtype) -> tuple[torch.Tensor, ...]:
        a, b = (z.detach().to(dtype).requires_grad_() for z in (z_1, z_2))
        t = torch.full((), temperature, dtype=dtype, requires_grad=True)
        loss = info_nce_at(a, b, t.expand(n))[0]
        return loss.detach(), *torch.autograd.grad(loss, (a, b, t))

    plain, exact = found(torch.float32), found(torch.float64)
    for one, other in zip(plain, exact, strict=True):
        assert one.isfinite().all()
        torch.testing.assert_close(one.double(), other, rtol=1e-4, atol=1e-5 * other.abs().max().item())
    dense = info_nce(*in_batch(z_1[:6], z_2[:6]), temperature=temperature).mean()
    assert_close(info_nce_at(z_1[:6], z_2[:6], torch.full((6,), temperature, dtype=torch.float64))[0], dense)


@pytest.mark.parametrize("bounds", [{"start": 2.0}, {"start": 0.001}, {"smallest": 0.5, "largest": 0.1, "start": 0.2}])
def test_a_start_outside_its_bounds_is_refused(tools, bounds: dict[str, float]) -> None:
    with pytest.raises(InputError, match="it must lie from smallest"):
        tools.build("learned_temperature", **bounds)
