"""What every transform keeps: shapes, types, the generator's word."""

import pytest
import torch
from torch import Tensor

from anatomy.runs import parts
from anatomy.similarity import unit

DRAWS = {"positive_extrapolation", "positive_interpolation", "negative_interpolation", "feature_transformation",
         "shrunk_negatives", "mochi", "cluster_means", "sphere_positives"}  # fmt: skip
SMALL = {"mochi": {"hardest": 3, "of_two": 2, "with_query": 2}, "cluster_means": {"clusters": 3},
         "sphere_positives": {"centers": 3}}  # fmt: skip


def features(dtype: torch.dtype = torch.float64) -> tuple[Tensor, ...]:
    generator = torch.Generator().manual_seed(1)
    return tuple(unit(torch.randn(n, 8, generator=generator, dtype=dtype)) for n in (5, 5, 9))


def tensors(name: str, seed: int, dtype: torch.dtype = torch.float64) -> list[Tensor]:
    made = parts.load("transform", name)(*features(dtype), torch.Generator().manual_seed(seed), **SMALL.get(name, {}))
    return [*made[:3], *made.synthetic]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", parts.names("transform"))
def test_shapes_and_types_stay(name: str, dtype: torch.dtype) -> None:
    made = tensors(name, 0, dtype)
    assert [tuple(each.shape) for each in made[:3]] == [(5, 8), (5, 8), (9, 8)]
    assert {each.dtype for each in made} == {dtype}
    assert all(each.isfinite().all() for each in made)


@pytest.mark.parametrize("name", parts.names("transform"))
def test_the_generator_alone_decides(name: str) -> None:
    one, same, other = (tensors(name, seed) for seed in (0, 0, 1))
    assert all(torch.equal(a, b) for a, b in zip(one, same, strict=True))
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True)) is (name not in DRAWS)
