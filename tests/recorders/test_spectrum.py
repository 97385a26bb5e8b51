"""The spectrum recorder against loops, and against a predictor whose eigenvalues are known."""

import numpy as np
import pytest
import torch
from torch import nn

from anatomy.networks.heads import Encoder
from anatomy.recorders.spectrum import Spectrum, along, correlation, powers_of_two
from anatomy.step import Method, StepOutput
from reference import array

ROUNDED = 1e-6


@pytest.fixture
def x(generator: torch.Generator) -> torch.Tensor:
    mixing = torch.randn(6, 6, generator=generator, dtype=torch.float64)
    return torch.randn(40, 6, generator=generator, dtype=torch.float64) @ mixing + 0.5


def looped(x: np.ndarray) -> np.ndarray:
    """E[x x'], not centered, entry by entry."""
    d = x.shape[1]
    return np.array([[np.mean([row[i] * row[j] for row in x]) for j in range(d)] for i in range(d)])


def test_eigenvalues_are_those_of_the_correlation_by_size(x: torch.Tensor) -> None:
    values, axes = correlation(x)
    found = looped(array(x))
    expected = np.sort(np.linalg.eigvalsh(found))[::-1]
    np.testing.assert_allclose(array(values), expected / expected.sum(), rtol=1e-9)
    for value, axis in zip(array(values) * expected.sum(), array(axes).T, strict=True):
        np.testing.assert_allclose(found @ axis, value * axis, atol=1e-9)


def test_a_linear_predictor_with_the_same_axes_has_its_own_eigenvalues(x: torch.Tensor) -> None:
    """W = U diag(w) U': the gains are w over the largest, and every axis stays where it is."""
    _, axes = correlation(x)
    own = torch.tensor([0.5, 2.0, -1.0, 0.25, 1.0, 0.1], dtype=torch.float64)
    gain, alignment = along(axes, x, x @ (axes * own) @ axes.T)
    torch.testing.assert_close(gain, own / 2)
    torch.testing.assert_close(alignment, own.sign())


def test_another_predictor_is_the_nearest_linear_map(x: torch.Tensor, generator: torch.Generator) -> None:
    p = (x @ torch.randn(6, 6, generator=generator, dtype=torch.float64)).relu()
    nearest = np.linalg.lstsq(array(x), array(p), rcond=None)[0].T  # W, so that p is near to W x
    _, axes = correlation(x)
    gain, alignment = along(axes, x, p)
    expected = [(u @ nearest @ u, u @ nearest @ u / np.linalg.norm(nearest @ u)) for u in array(axes).T]
    np.testing.assert_allclose(array(gain), [g for g, _ in expected] / max(abs(g) for g, _ in expected), rtol=1e-8)
    np.testing.assert_allclose(array(alignment), [cosine for _, cosine in expected], rtol=1e-8)


class Predicting(Method):
    def __init__(self, predictor: nn.Module | None) -> None:
        super().__init__()
        self.encoder = Encoder(nn.Flatten(), nn.Linear(12, 4, bias=False), 4)
        self.predictor = predictor


@pytest.mark.parametrize("predictor", [None, nn.Linear(4, 4)])
def test_rows_after_an_epoch(predictor: nn.Module | None, generator: torch.Generator) -> None:
    recorder, method = Spectrum(whole=20), Predicting(predictor)
    recorder.after_backward(3, StepOutput(torch.tensor(0.0)), method)
    images = torch.randn(30, 3, 2, 2, generator=generator)
    with torch.no_grad():
        recorder.end_of_epoch(7, method, images.split(8))
    recorder.rows.fetch()
    table = recorder.rows.table()
    assert table["step"] == [7] * 7
    assert table["part"] == [0, 0, 0, 0, 1, 1, 1]
    assert table["index"] == [1, 2, 4, 8, 1, 2, 4]
    values, _ = correlation(images[:20].flatten(1))  # the first 20 of 30
    assert table["eigenvalue"][:4] == pytest.approx([values[i - 1].item() for i in (1, 2, 4, 8)], abs=ROUNDED)
    assert table["rank"][0] == pytest.approx(1 / values.square().sum().item(), abs=1e-5)
    known = [value == value for value in table["gain"]]
    assert known == [False] * 4 + [predictor is not None] * 3
    assert known == [value == value for value in table["alignment"]]


def test_powers_of_two() -> None:
    assert powers_of_two(1) == [1]
    assert powers_of_two(8) == [1, 2, 4, 8]
    assert powers_of_two(11) == [1, 2, 4, 8]
