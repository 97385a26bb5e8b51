"""Supervised learning: cross-entropy of the embedding, one view, and what a recorder may watch."""

from math import exp, log

import pytest
import torch

from anatomy.errors import InputError
from anatomy.runs import parts
from anatomy.step import Batch
from reference import array


def batch_of(tools, labels: list[int]) -> Batch:
    images = tools.batch(len(labels))
    return Batch(images.views[:1], torch.tensor(labels), images.index)


def method_of(tools, seed: int = 0):
    return parts.load("method", "supervised")(tools.encoder(seed)).double()


def test_the_loss_against_loops(tools) -> None:
    """-log of the softmax at the label, averaged; z has 4 entries, so 4 classes."""
    labels = [0, 3, 2, 2, 1]
    method, batch = method_of(tools), batch_of(tools, labels)
    rows = array(method.encoder(batch.views[0]))
    each = [log(sum(exp(x) for x in row)) - row[label] for row, label in zip(rows, labels, strict=True)]
    output = method(batch)
    assert output.loss.item() == pytest.approx(sum(each) / 5, rel=1e-10)
    assert torch.equal(output.watch["z_1"], method.encoder(batch.views[0]).detach())


def test_it_wants_one_view_and_no_loss() -> None:
    method = parts.load("method", "supervised")
    assert method.views == 1
    assert parts.wants("method", "supervised") == ("classifier",)


def test_it_learns_the_labels(tools) -> None:
    method, batch = method_of(tools), batch_of(tools, [0, 1, 2, 3])
    losses = [tools.train(method, batch, rate=1.0).loss.item() for _ in range(50)]
    assert losses[-1] < 0.05 < log(4) / 2 < losses[0]


def test_more_classes_than_logits_are_rejected(tools) -> None:
    """Before the first step, whichever labels that has."""
    with pytest.raises(InputError, match="dimension is 4, but a label is 4; give the projector one dimension a class"):
        method_of(tools).check_data(images=9, classes=5)
    method_of(tools).check_data(images=9, classes=4)


def test_what_is_watched_keeps_no_graph(tools) -> None:
    watch = method_of(tools)(batch_of(tools, [0, 1])).watch
    assert set(watch) == {"z_1", "view_1", "labels"}
    assert not any(tensor.requires_grad for tensor in watch.values())
