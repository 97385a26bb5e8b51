"""Several positives: what one of them is, and what a loss that weighs them is given."""

from functools import partial

import pytest
import torch

import reference
from anatomy.errors import InputError
from anatomy.losses.cacr import cacr
from anatomy.losses.info_nce import info_nce
from anatomy.runs import parts
from reference import array, assert_close


def test_with_one_positive_it_is_simco(tools) -> None:
    one, simco = tools.build("multi_view", positives=1), tools.build("simco")
    assert one.views == 2
    for seed in range(3):
        pair = [tools.train(method, tools.batch(6, seed)).loss.item() for method in (one, simco)]
        assert pair[0] == pytest.approx(pair[1], rel=1e-10)


@pytest.mark.parametrize("positives", [1, 2, 4])
def test_a_view_more_than_positives(tools, positives: int) -> None:
    method = tools.build("multi_view", positives=positives)
    assert method.views == positives + 1
    passes = []
    method.encoder.register_forward_hook(lambda *_: passes.append(1))
    gradients = tools.view_gradients(method, tools.batch(6, views=method.views))
    assert len(passes) == method.views
    assert all(gradient.flatten(1).any(1).all() for gradient in gradients)


def test_the_order_of_views_means_nothing(tools) -> None:
    method, batch = tools.build("multi_view", positives=3, loss=partial(cacr, temperature=0.5)), tools.batch(6, views=4)
    turned = type(batch)(batch.views[2:] + batch.views[:2], batch.labels, batch.index)
    assert method(batch).loss.item() == pytest.approx(method(turned).loss.item(), rel=1e-10)


def test_a_loss_that_weighs_positives_sees_all_of_them(tools) -> None:
    """CACR with three positives by loops; the plain mean over positives would be another number."""
    method, batch = (
        tools.build("multi_view", positives=3, loss=partial(cacr, temperature=1 / 1.8, tau_positive=3.0)),
        tools.batch(5, views=4),
    )
    z = [array(torch.nn.functional.normalize(method.encoder(view), dim=1)) for view in batch.views]
    terms = []
    for a in range(4):
        others = [b for b in range(4) if b != a]
        positives = array([[z[a][i] @ z[b][i] for b in others] for i in range(5)])
        for b in others:
            negatives = array([[z[a][i] @ z[b][j] for j in range(5) if j != i] for i in range(5)])
            terms.append(reference.cacr(positives, negatives, 3.0, 0.9).mean())
    assert method(batch).loss.item() == pytest.approx(sum(terms) / 12, rel=1e-10)
    unweighed = tools.build(
        "multi_view", positives=3, loss=lambda p, n: cacr(p, n, temperature=1 / 1.8, tau_positive=3.0)
    )(batch)
    assert abs(unweighed.loss.item() - sum(terms) / 12) > 1e-3


def test_what_is_watched(tools) -> None:
    watch = tools.build("multi_view", positives=2)(tools.batch(6, views=3)).watch
    assert set(watch) == {"positive", "negatives", "z_1", "z_2", "index"}
    assert_close(watch["positive"], (watch["z_1"] * watch["z_2"]).sum(1))
    assert not any(part.requires_grad for part in watch.values())
    expected = info_nce(watch["positive"], watch["negatives"], temperature=0.2)
    assert expected.shape == (6,)


@pytest.mark.parametrize("positives", [0, -1, 1.5])
def test_no_positive_is_refused(positives: float) -> None:
    with pytest.raises(InputError, match=r"positives is .*the default is 4"):
        parts.check("method", "multi_view", {"positives": positives})
