"""What mixing two unit vectors does to their score: the identities of the chapter, in float64."""

import pytest
import torch
from torch import Tensor

import reference
from anatomy.transforms import mix_positives
from reference import array, assert_close


def distance(a: Tensor, b: Tensor) -> Tensor:
    return 1 - (a * b).sum(1)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 1.0, 1.5, 2.0])
def test_one_lambda_multiplies_the_distance(features, share: float) -> None:
    """1 - s^ = c (1 - s), c = lambda^2 + (1 - lambda)^2."""
    query, key, _ = features
    mixed = mix_positives(query, key, torch.tensor(share, dtype=torch.float64))
    assert_close(distance(*mixed), (share**2 + (1 - share) ** 2) * distance(query, key))


def test_one_lambda_a_dimension(features, generator) -> None:
    """s^ = s - sum_d lambda_d (lambda_d - 1) (q_d - k_d)^2, and both against loops."""
    query, key, _ = features
    share = 2 * torch.rand(6, 8, generator=generator, dtype=torch.float64)
    found = torch.stack(mix_positives(query, key, share)).prod(0).sum(1)
    assert_close(found, (query * key).sum(1) - (share * (share - 1) * (query - key) ** 2).sum(1))
    rows = zip(array(query), array(key), array(share), strict=True)
    assert_close(found, [reference.mixed_score_of(*row) for row in rows])


def test_the_length_of_the_mixed_query_and_its_score_with_a_negative(features) -> None:
    """|q^|^2 = 1 + 2 lambda (lambda - 1) (1 - s), and q^.n = lambda q.n - (lambda - 1) k.n."""
    query, key, queue = features
    mixed, _ = mix_positives(query, key, torch.tensor(1.5, dtype=torch.float64))
    assert_close(mixed.square().sum(1), 1 + 2 * 1.5 * 0.5 * distance(query, key))
    assert_close(mixed @ queue.T, 1.5 * query @ queue.T - 0.5 * key @ queue.T)


def test_renormalized_by_hand() -> None:
    """s = 0.827, lambda = 1.5: 0.568 as it comes, 0.453 on the sphere (c = 2.5)."""
    query = torch.tensor([[1.0, 0.0]], dtype=torch.float64)
    key = torch.tensor([[0.827, (1 - 0.827**2) ** 0.5]], dtype=torch.float64)
    share = torch.tensor(1.5, dtype=torch.float64)
    raw, sphere = (mix_positives(query, key, share, renormalize=r) for r in (False, True))
    assert (raw[0] * raw[1]).sum().item() == pytest.approx(1 - 2.5 * 0.173, rel=1e-10)
    expected = (1 - 2.5 * 0.173) / (1 + 1.5 * 0.173)
    assert (sphere[0] * sphere[1]).sum().item() == pytest.approx(expected, rel=1e-10)
    assert expected == pytest.approx(0.451, abs=1e-3)
