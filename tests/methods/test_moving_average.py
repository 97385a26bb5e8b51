"""The image's own moving average: first visit, later visits, and the size of its memory."""

import pytest
import torch

from anatomy.errors import InputError
from anatomy.runs import parts


def test_first_and_later_visits(tools) -> None:
    """No pull at the first visit; then eta = Z, and eta <- 0.8 eta + 0.2 Z, Z the mean of both views."""
    method = tools.build("moving_average", memory_size=9)
    eta = torch.zeros(9, 4, dtype=torch.float64)
    for visit in range(3):
        batch = tools.batch(6, seed=visit)
        z, _ = tools.see(method, batch)
        expected = (tools.pulled(z[0], eta[:6]) + tools.pulled(z[1], eta[:6])) / 2
        output = tools.train(method, batch)
        assert output.loss.item() == pytest.approx(expected.item(), rel=1e-10)
        seen = (z[0] + z[1]).detach() / 2
        eta[:6] = seen if visit == 0 else 0.8 * eta[:6] + 0.2 * seen
        assert torch.allclose(method.memory, eta, rtol=1e-12)


def test_the_memory_is_half_precision_and_part_of_the_state(tools) -> None:
    """50,000 images x 256 numbers x 2 bytes = 25.6 MB in a checkpoint."""
    method = parts.load("method", "moving_average")(tools.encoder())
    memory = method.state_dict()["memory"]
    assert memory.dtype == torch.float16
    assert memory.shape == (50_000, 4)


def test_too_small_a_memory_is_rejected(tools) -> None:
    """Before the first step, whichever images that has: on a card an index beyond the end ends the process."""
    method = tools.build("moving_average", memory_size=5)
    with pytest.raises(InputError, match="memory_size is 5, but there are 6 training images; it must be at least 6"):
        method.check_data(images=6, classes=2)
    method.check_data(images=5, classes=2)
    tools.build("simsiam", predictor_hidden=3).check_data(images=6, classes=2)


def test_the_authors_start_is_a_random_unit_vector_an_image(tools) -> None:
    """It pulls at once, and the first embedding is averaged with it."""
    method = tools.build("moving_average", memory_size=9, random_start=True)
    start = method.memory.clone()
    assert torch.allclose(start.norm(dim=1), torch.ones(9, dtype=start.dtype), atol=1e-3)
    batch = tools.batch(6, seed=0)
    z, _ = tools.see(method, batch)
    output = tools.train(method, batch)
    expected = (tools.pulled(z[0], start[:6]) + tools.pulled(z[1], start[:6])) / 2
    assert output.loss.item() == pytest.approx(expected.item(), rel=1e-10)
    assert torch.allclose(method.memory[:6], 0.8 * start[:6] + 0.2 * (z[0] + z[1]).detach() / 2, rtol=1e-12)


def test_one_view_is_pulled_and_the_other_is_remembered(tools) -> None:
    method = tools.build("moving_average", memory_size=6, one_view=True)
    eta = torch.zeros(6, 4, dtype=torch.float64)
    for visit in range(3):
        batch = tools.batch(6, seed=visit)
        z, _ = tools.see(method, batch)
        expected = tools.pulled(z[0], eta)
        output = tools.train(method, batch)
        assert output.loss.item() == pytest.approx(expected.item(), rel=1e-10)
        eta = z[1].detach() if visit == 0 else 0.8 * eta + 0.2 * z[1].detach()
        assert torch.allclose(method.memory, eta, rtol=1e-12)
