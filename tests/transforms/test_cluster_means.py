"""Clusters of keys on a circle by hand, and that a cluster counts as often as it has keys."""

from math import cos, exp, log, radians

import pytest
import torch
from torch import Tensor

from anatomy.errors import InputError
from anatomy.runs.parts import check
from anatomy.similarity import Against, log_sum_exp, unit
from anatomy.transforms.cluster_means import cluster_means, spherical_means
from reference import assert_close


def on_circle(*degrees: float) -> Tensor:
    angles = torch.deg2rad(torch.tensor(degrees, dtype=torch.float64))
    return torch.stack([angles.cos(), angles.sin()], 1)


QUERY = on_circle(90.0)


def clustered(keys: Tensor, clusters: int, seed: int = 0) -> Tensor:
    return cluster_means(QUERY, QUERY, keys, torch.Generator().manual_seed(seed), clusters=clusters).queue


@pytest.mark.parametrize("seed", range(6))
def test_two_clusters_by_hand(seed: int) -> None:
    """Keys at 0, 20, 40 and at 180, 200 degrees: means at 20 and 190, wherever k-means begins."""
    found = clustered(on_circle(0, 180, 20, 200, 40), 2, seed)
    assert_close(found, on_circle(20, 190, 20, 190, 20))
    assert len({tuple(row) for row in found.tolist()}) == 2


def test_a_cluster_counts_as_often_as_it_has_keys() -> None:
    """log(3 exp(cos 70 / T) + 2 exp(cos 100 / T)), and not one of each."""
    found = clustered(on_circle(0, 180, 20, 200, 40), 2)
    expected = log(3 * exp(cos(radians(70)) / 0.5) + 2 * exp(cos(radians(100)) / 0.5))
    assert_close(log_sum_exp(Against(QUERY, found), 0.5), [expected])


def test_as_many_clusters_as_keys_change_nothing(generator: torch.Generator) -> None:
    keys = unit(torch.randn(9, 4, generator=generator, dtype=torch.float64))
    for clusters in (9, 100):
        assert_close(clustered(keys, clusters), keys)


def test_one_cluster_is_the_mean_direction(generator: torch.Generator) -> None:
    keys = unit(torch.randn(9, 2, generator=generator, dtype=torch.float64) + 1)
    assert_close(clustered(keys, 1), unit(keys.mean(0)[None]).expand(9, 2))


def test_an_empty_cluster_stays() -> None:
    """Three equal keys: all belong to the first of three equal centers."""
    keys = on_circle(30, 30, 30)
    assert_close(spherical_means(keys, 3, 2, torch.Generator().manual_seed(0)), keys)


@pytest.mark.parametrize("option", ["clusters", "steps"])
def test_no_cluster_is_refused(option: str) -> None:
    with pytest.raises(InputError, match=f"{option} is 0.*the default is"):
        check("transform", "cluster_means", {option: 0})
