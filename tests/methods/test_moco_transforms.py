"""The place of a transform in MoCo: after the encoders, before the loss, and never in the queue."""

import numpy as np
import pytest
import torch
from torch import Tensor

import reference
from anatomy.similarity import unit
from anatomy.step import Batch
from anatomy.transforms import Features
from reference import array, assert_close

SMALL = {"queue_size": 10, "momentum": 0.9}


def planted(query: Tensor, key: Tensor, queue: Tensor, generator) -> Features:
    """Every entry changed in a way of its own, and two synthetic negatives a query."""
    own = torch.stack([queue[:2].flip(1)] * len(query))
    return Features(1.5 * query - 0.5 * key, 0.7 * key, 0.9 * queue.flip(0), (own,))


@pytest.mark.parametrize("symmetric", [False, True])
def test_the_loss_sees_what_the_transform_made(tools, symmetric: bool) -> None:
    """Against loops: InfoNCE over the changed queue and the synthetic negatives beside it."""
    method = tools.build("moco", **SMALL, symmetric=symmetric, transform=planted)
    batch, keys = tools.batch(4), method.queue.keys
    pairs = [batch.views, batch.views[::-1]][: 1 + symmetric]
    losses = []
    for view_q, view_k in pairs:
        made = planted(unit(method.encoder(view_q)), unit(method.momentum_encoder(view_k)), keys, None)
        positive = array((made.query * made.key).sum(1))
        every = [array(torch.cat([made.queue, made.synthetic[0][i]]) @ made.query[i]) for i in range(4)]
        losses.append(reference.info_nce(positive, np.array(every), 0.2).mean())
    assert method(batch).loss.item() == pytest.approx(sum(losses) / len(losses), rel=1e-10)


def test_mixed_features_never_enter_the_queue(tools) -> None:
    """What is stored are unit keys, those of the momentum encoder; the queue itself is not written to."""
    method = tools.build("moco", **SMALL, transform=planted)
    plain = tools.build("moco", **SMALL)
    for i in range(3):
        before = method.queue.keys.clone()
        output = method(tools.batch(4, i))
        assert torch.equal(method.queue.keys, before)
        assert torch.equal(output.watch["queue"], before)
        method.after_step(output)
        plain.after_step(plain(tools.batch(4, i)))
    assert torch.equal(method.queue.keys, plain.queue.keys)  # no step of an optimizer: the keys are the same
    assert_close(method.queue.keys.norm(dim=1), torch.ones(10))


def test_raw_and_mixed_scores_are_both_watched(tools) -> None:
    watch = tools.build("moco", **SMALL, transform=planted)(tools.batch(4)).watch
    made = planted(watch["z_1"], watch["z_2"], watch["queue"], None)
    assert_close(watch["positive"], (made.query * made.key).sum(1))
    queued, own = watch["negatives"]
    assert_close(queued.anchor @ queued.keys.T, made.query @ made.queue.T)
    assert_close(own, torch.einsum("nd,nsd->ns", made.query, made.synthetic[0]))
    assert (watch["queue_index"] == -1).all()


def test_no_gradient_through_keys_that_a_transform_mixes(tools) -> None:
    method = tools.build("moco", **SMALL, transform=planted)
    gradients = tools.view_gradients(method, tools.batch(4))
    assert gradients[0].any()
    assert gradients[1] is None
    assert all(p.grad is None for p in method.momentum_encoder.parameters())


@pytest.mark.parametrize(("epoch", "begun"), [(0, False), (1, False), (2, True), (3, True)])
def test_a_transform_begins_in_its_epoch(tools, epoch: int, begun: bool) -> None:
    method = tools.build("moco", **SMALL, transform=planted, transform_from=2)
    given = tools.batch(4)
    batch = Batch(given.views, given.labels, given.index, epoch)
    assert isinstance(method(batch).watch["negatives"], tuple) is begun


def test_a_transform_draws_from_the_epochs_generator(tools) -> None:
    seen = []

    def spy(query, key, queue, generator) -> Features:
        seen.append(generator)
        return Features(query, key, queue)

    given, generator = tools.batch(4), torch.Generator()
    batch = Batch(given.views, given.labels, given.index, 0, generator)
    tools.build("moco", **SMALL, transform=spy)(batch)
    assert seen == [generator]
