"""similarity.py: where similarities come from, against loops, by pencil, and under autocast."""

from math import exp, inf, log

import pytest
import torch
from jaxtyping import TypeCheckError
from torch import Tensor

import reference
from anatomy import similarity
from anatomy.errors import InputError
from anatomy.similarity import (
    Against,
    against_own,
    against_queue,
    detach,
    divided,
    in_batch,
    inner,
    log_count,
    log_sum_exp,
    logits,
    mean_similarity,
    off_diagonal,
    unit,
)
from reference import array, assert_close

ANCHORS, KEYS, DIMENSION = 5, 7, 3


@pytest.fixture
def embeddings(generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Unit vectors in float64: anchors [5, 3], their positives [5, 3], keys [7, 3]."""
    counts = (ANCHORS, ANCHORS, KEYS)
    drawn = [torch.randn(n, DIMENSION, generator=generator, dtype=torch.float64) for n in counts]
    return tuple(unit(z) for z in drawn)


def test_unit_divides_by_the_length() -> None:
    z = torch.tensor([[3.0, 4.0], [0.0, -2.0]])
    assert_close(unit(z), [[0.6, 0.8], [0.0, -1.0]])


def test_unit_forgets_the_scale(generator: torch.Generator) -> None:
    z = torch.randn(4, 3, generator=generator, dtype=torch.float64)
    assert_close(unit(1000 * z), unit(z))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32, torch.float64])
def test_unit_is_float32_or_better(dtype: torch.dtype) -> None:
    made = unit(torch.ones(2, 4, dtype=dtype)).dtype
    assert made == (torch.float64 if dtype == torch.float64 else torch.float32)


def test_off_diagonal_by_hand() -> None:
    square = torch.arange(9.0).view(3, 3)
    assert off_diagonal(square).tolist() == [[1, 2], [3, 5], [6, 7]]


@pytest.mark.parametrize("n", [2, 3, 6])
def test_off_diagonal_is_removal(n: int, generator: torch.Generator) -> None:
    square = torch.randn(n, n, generator=generator)
    kept = [[square[i, j].item() for j in range(n) if j != i] for i in range(n)]
    assert off_diagonal(square).tolist() == kept


@pytest.mark.parametrize("both_views", [False, True])
def test_in_batch_against_loops(embeddings, both_views: bool) -> None:
    z1, z2, _ = embeddings
    positive, negatives = in_batch(z1, z2, both_views)
    dense = torch.cat(negatives, 1) if both_views else negatives
    expected = reference.in_batch(z1.numpy(), z2.numpy(), both_views)
    assert_close(positive, expected[0])
    assert_close(dense, expected[1])
    assert dense.shape[1] == (2 * ANCHORS - 2 if both_views else ANCHORS - 1)


@pytest.mark.parametrize("both_views", [False, True])
def test_a_large_batch_is_the_dense_one_in_tiles(embeddings, both_views: bool, monkeypatch) -> None:
    found = []
    for large in (ANCHORS + 1, ANCHORS):
        monkeypatch.setattr(similarity, "LARGE", large)
        z1, z2 = (z.clone().requires_grad_() for z in embeddings[:2])
        positive, negatives = in_batch(z1, z2, both_views)
        value = log_sum_exp(negatives, 0.1) - positive
        found.append((value, *torch.autograd.grad(value.square().sum(), (z1, z2))))
    assert all(isinstance(block, Against) for block in negatives)
    for dense, tiled in zip(*found, strict=True):
        assert_close(tiled.detach(), dense.detach())


@pytest.mark.parametrize("both_views", [False, True])
def test_in_batch_without_the_anchors_class_against_loops(embeddings, both_views: bool) -> None:
    z1, z2, _ = embeddings
    labels = torch.tensor([0, 1, 0, 2, 2])
    positive, negatives = in_batch(z1, z2, both_views, labels)
    kept = [[j for j in range(ANCHORS) if labels[j] != labels[i]] for i in range(ANCHORS)]
    rows = [[z1[i] @ z[j] for z in ((z2, z1) if both_views else (z2,)) for j in kept[i]] for i in range(ANCHORS)]
    assert_close(positive, (z1 * z2).sum(1))
    for temperature in (0.1, 2.0):
        found = log_sum_exp(negatives, temperature)
        assert_close(found, [reference.log_sum_exp_of(array(row), temperature) for row in rows])
    assert_close(log_count(negatives), [log(len(row)) for row in rows])


@pytest.mark.parametrize("temperature", [0.1, 1.0, inf])
@pytest.mark.parametrize("square", [False, True])
def test_mean_similarity_against_loops(embeddings, temperature: float, square: bool) -> None:
    """Of a dense block and of keys of which some are left out, joined."""
    anchor, key, keys = embeddings
    numbers = (torch.arange(ANCHORS), torch.arange(KEYS))
    negatives = (inner(anchor, key), Against(anchor, keys, numbers))
    found = mean_similarity(negatives, temperature, square=square)
    for i in range(ANCHORS):
        row = [*(anchor[i] @ key.T).tolist(), *(float(anchor[i] @ keys[j]) for j in range(KEYS) if j != i)]
        weights = [exp(s / temperature) for s in row]
        value = sum(w * (s**2 if square else s) for w, s in zip(weights, row, strict=True)) / sum(weights)
        assert_close(found[i], value)


def test_mean_similarity_with_weights_that_have_no_graph(embeddings) -> None:
    """Then its gradient is that of T log-sum-exp."""
    anchor, _, keys = embeddings
    found, of_sum = ((anchor @ keys.T).requires_grad_() for _ in range(2))
    mean_similarity(found, 0.3, detach_weights=True).sum().backward()
    (0.3 * log_sum_exp(of_sum, 0.3)).sum().backward()
    assert_close(found.grad, of_sum.grad)


def test_a_batch_of_one_has_no_negatives() -> None:
    """Non-regression: its log-sum-exp is minus infinity, and dual temperature's loss was NaN."""
    z = torch.tensor([[1.0, 0.0]])
    with pytest.raises(InputError, match="1 image.*2 or more"):
        in_batch(z, z)


def test_against_queue_against_loops(embeddings) -> None:
    query, key, keys = embeddings
    positive, negatives = against_queue(query, key, keys)
    pairs = zip(query, key, strict=True)
    assert_close(positive, [reference.cosine(q.tolist(), k.tolist()) for q, k in pairs])
    rows = [[reference.cosine(q.tolist(), k.tolist()) for k in keys] for q in query]
    assert_close(logits(negatives, 1.0), rows)


@pytest.mark.parametrize("temperature", [0.01, 0.1, 1.0, 100.0])
def test_log_sum_exp_against_loops(embeddings, temperature: float) -> None:
    anchor, _, keys = embeddings
    dense = inner(anchor, keys)
    expected = reference.log_sum_exp(dense.numpy(), temperature)
    assert_close(log_sum_exp(dense, temperature), expected)
    assert_close(log_sum_exp(Against(anchor, keys), temperature), expected)
    parts = (dense[:, :2], Against(anchor, keys[2:5]), dense[:, 5:])
    assert_close(log_sum_exp(parts, temperature), expected)


def test_an_infinite_temperature_counts(embeddings) -> None:
    """exp(s / inf) = 1 for each of K negatives."""
    anchor, _, keys = embeddings
    expected = [log(KEYS)] * ANCHORS
    assert_close(log_sum_exp(Against(anchor, keys), inf), expected)


@pytest.mark.parametrize("temperature", [0.05, 1.0, inf])
def test_excluded_keys_are_as_if_never_there(embeddings, temperature: float) -> None:
    """Anchor i is image i; keys 0 .. 6 are of images 9, 0, 9, 3, 3, 9, 9."""
    anchor, _, keys = embeddings
    of_keys = torch.tensor([9, 0, 9, 3, 3, 9, 9])
    part = Against(anchor, keys, (torch.arange(ANCHORS), of_keys))
    found = log_sum_exp(part, temperature)
    for i in range(ANCHORS):
        left = inner(anchor[i : i + 1], keys[of_keys != i])
        assert_close(found[i : i + 1], log_sum_exp(left, temperature))
    assert (found[[0, 3]] < log_sum_exp(Against(anchor, keys), temperature)[[0, 3]]).all()


@pytest.mark.parametrize("temperature", [0.05, 1.0, inf])
def test_dense_logits_of_a_queue(embeddings, temperature: float) -> None:
    """What recorders read: divided by the temperature, and minus infinity for a key of the anchor's own image."""
    anchor, _, keys = embeddings
    of_keys = torch.tensor([9, 0, 9, 3, 3, 9, 9])
    found = logits(Against(anchor, keys, (torch.arange(ANCHORS), of_keys)), temperature)
    excluded = torch.arange(ANCHORS)[:, None] == of_keys[None, :]
    assert torch.equal(found == -inf, excluded)
    expected = [[float(a @ k) / temperature for k in keys] for a in anchor]
    assert_close(found.where(~excluded, 0), torch.tensor(expected, dtype=found.dtype).where(~excluded, 0))


def test_excluded_keys_get_no_gradient(embeddings) -> None:
    anchor, _, keys = embeddings
    keys = keys.clone().requires_grad_()
    part = Against(anchor[:1], keys, (torch.tensor([4]), torch.tensor([4, 0, 0, 0, 0, 0, 0])))
    log_sum_exp(part, 0.1).sum().backward()
    assert not keys.grad[0].any()
    assert keys.grad[1:].abs().sum(1).all()


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_similarity_stays_float32_under_autocast(dtype: torch.dtype, generator) -> None:
    """bfloat16 has 8 bits: a cosine of 0.99 is off by up to 0.002, a logit at T = 0.07 by 0.03."""
    z1, z2, keys = (unit(torch.randn(6, 16, generator=generator)) for _ in range(3))
    plain = [*in_batch(z1, z2), inner(z1, keys), log_sum_exp(Against(z1, keys), 0.02)]
    with torch.autocast("cpu", dtype):
        assert (z1 @ z2.T).dtype == dtype  # what would happen without care
        cast = [*in_batch(z1, z2), inner(z1, keys), log_sum_exp(Against(z1, keys), 0.02)]
    for found, expected in zip(cast, plain, strict=True):
        assert found.dtype == torch.float32
        assert torch.equal(found, expected)


def test_unit_of_what_a_network_gives_under_autocast(generator) -> None:
    """The product of a bfloat16 network: unit vectors in float32, of length 1 to float32's digits."""
    layer = torch.nn.Linear(8, 4)
    with torch.autocast("cpu", torch.bfloat16):
        z = layer(torch.randn(5, 8, generator=generator))
        assert z.dtype == torch.bfloat16
        made = unit(z)
    assert made.dtype == torch.float32
    assert_close(made.double().norm(dim=1), torch.ones(5), dtype="float32")


def test_detach_cuts_every_part(embeddings) -> None:
    anchor, _, keys = embeddings
    anchor = anchor.clone().requires_grad_()
    excluded = (torch.arange(ANCHORS), torch.arange(KEYS))
    parts = (anchor @ keys.T, Against(anchor, keys, excluded))
    dense, against = detach(parts)
    assert not dense.requires_grad
    assert not against.anchor.requires_grad
    assert against.excluded is excluded
    assert_close(log_sum_exp((dense, against), 0.1), log_sum_exp(parts, 0.1))


@pytest.mark.parametrize("wrong", [(4, 3), (5, 2)])
def test_shapes_are_checked_in_tests(wrong: tuple[int, int]) -> None:
    """The type check of jaxtyping and beartype is on: without it all tests would say less."""
    with pytest.raises(TypeCheckError):
        in_batch(torch.zeros(5, 3), torch.zeros(wrong))


@pytest.mark.parametrize("autocast", [False, True])
def test_each_querys_own_negatives(generator: torch.Generator, autocast: bool) -> None:
    """Row i against its own S vectors, in float32 whatever autocast says."""
    query, own = torch.randn(3, 4, generator=generator), torch.randn(3, 5, 4, generator=generator)
    with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
        found = against_own(query, own)
    assert found.dtype == torch.float32
    expected = [
        [sum(a * b for a, b in zip(array(query[i]), array(own[i, j]), strict=True)) for j in range(5)] for i in range(3)
    ]
    assert_close(found, expected)


@pytest.mark.parametrize("shared", [False, True])
def test_a_temperature_for_each_anchor_is_a_division_row_by_row(embeddings, shared: bool) -> None:
    """Of a dense block, of a queue and of both; value and gradient of the temperature by loops."""
    anchor, key, keys = (z.detach() for z in embeddings)
    temperature = torch.linspace(0.1, 0.5, len(anchor), dtype=torch.float64).requires_grad_()
    dense = anchor @ key.T
    blocks = (dense, Against(anchor, keys)) if shared else dense
    positive, negatives = divided((anchor * key).sum(1), blocks, temperature)
    assert_close(positive, (anchor * key).sum(1) / temperature)
    found = log_sum_exp(negatives, 1.0)
    every = torch.cat([dense, anchor @ keys.T], 1) if shared else dense
    expected = torch.stack([(row / t).logsumexp(0) for row, t in zip(every, temperature, strict=True)])
    assert_close(found, expected)
    assert_close(*(torch.autograd.grad(each.sum(), temperature, retain_graph=True)[0] for each in (found, expected)))
