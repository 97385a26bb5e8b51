"""SimCLR against its own algorithm, NT-Xent over the 2N embeddings of a batch."""

import pytest

import reference
from anatomy.runs import parts
from reference import array


def test_dials(tools) -> None:
    method = tools.build("simclr")
    assert (method.symmetric, method.detach_keys, method.both_views) == (True, False, True)
    assert method.queue is None
    assert method.momentum_encoder is None
    assert parts.signature("method", "simclr") == {}


@pytest.mark.parametrize("n", [2, 3, 6])
def test_it_is_nt_xent(tools, n: int) -> None:
    method, batch = tools.build("simclr"), tools.batch(n)
    z_1, z_2 = (array(method.encoder(view)) for view in batch.views)
    expected = reference.nt_xent(z_1, z_2, 0.2)
    assert method(batch).loss.item() == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("n", [2, 6])
def test_n_pairs_have_2n_minus_2_negatives(tools, n: int) -> None:
    across, within = tools.build("simclr")(tools.batch(n)).watch["negatives"]
    assert across.shape == within.shape == (n, n - 1)
    assert across.shape[1] + within.shape[1] == 2 * n - 2


def test_both_branches_get_a_gradient(tools) -> None:
    for gradient in tools.view_gradients(tools.build("simclr"), tools.batch(6)):
        assert gradient.flatten(1).any(1).all()
