"""SimCo's options: both branches are trained, and what detaching the keys changes."""

import pytest
import torch

import reference
from anatomy.errors import InputError
from anatomy.runs import parts
from reference import array


def test_dials(tools) -> None:
    method = tools.build("simco")
    assert (method.symmetric, method.detach_keys, method.both_views) == (True, False, False)
    assert method.queue is None
    assert method.momentum_encoder is None


def test_defaults_are_those_of_the_authors_code() -> None:
    options = parts.signature("method", "simco")
    defaults = {name: option.default for name, option in options.items()}
    assert defaults == {"symmetric": True, "detach_keys": False, "oracle": False}


@pytest.mark.parametrize("symmetric", [False, True])
def test_both_branches_get_a_gradient(tools, symmetric: bool) -> None:
    for gradient in tools.view_gradients(tools.build("simco", symmetric=symmetric), tools.batch(6)):
        assert gradient.flatten(1).any(1).all()


def test_detached_keys_leave_one_branch(tools) -> None:
    one = tools.build("simco", symmetric=False, detach_keys=True)
    first, second = tools.view_gradients(one, tools.batch(6))
    assert first.any()
    assert second is None


@pytest.mark.parametrize("symmetric", [False, True])
def test_detaching_keeps_the_value_and_changes_the_gradient(tools, symmetric: bool) -> None:
    options = {"symmetric": symmetric}
    batch = tools.batch(6)
    through, cut = (tools.build("simco", detach_keys=d, **options) for d in (False, True))
    assert through(batch).loss.item() == pytest.approx(cut(batch).loss.item(), rel=1e-10)
    gradients = [tools.weight_gradient(method, batch) for method in (through, cut)]
    difference = (gradients[0] - gradients[1]).norm() / gradients[0].norm()
    assert difference > 0.1


def test_the_loss_against_loops(tools) -> None:
    """Mean of both directions, K = N - 1: the other images' other view."""
    method, batch = tools.build("simco"), tools.batch(6)
    z_1, z_2 = (array(method.encoder(view)) for view in batch.views)
    sides = [reference.in_batch(*pair) for pair in ((z_1, z_2), (z_2, z_1))]
    expected = sum(reference.info_nce(*side, 0.2).mean() for side in sides) / 2
    output = method(batch)
    assert output.watch["negatives"].shape == (6, 5)
    assert output.loss.item() == pytest.approx(expected, rel=1e-10)


def test_both_branches_are_one_pass_through_the_encoder_a_view(tools) -> None:
    """Symmetric without detaching: two passes a step, not four."""
    method = tools.build("simco")
    passes = []
    method.encoder.register_forward_hook(lambda *_: passes.append(1))
    method(tools.batch(6))
    assert len(passes) == 2
    assert torch.is_grad_enabled()


def test_the_oracle_against_loops(tools) -> None:
    """Labels 0 1 0 1 2 2: of five negatives one is of the anchor's class, and is left out."""
    batch = tools.batch(6)
    batch = type(batch)(batch.views, torch.tensor([0, 1, 0, 1, 2, 2]), batch.index)
    output = tools.build("simco", oracle=True, symmetric=False)(batch)
    z_1, z_2 = (array(output.watch[name]) for name in ("z_1", "z_2"))
    rows = [[z_1[i] @ z_2[j] for j in range(6) if batch.labels[j] != batch.labels[i]] for i in range(6)]
    expected = reference.info_nce((z_1 * z_2).sum(1), array(rows), 0.2)
    assert output.loss.item() == pytest.approx(expected.mean(), rel=1e-10)


def test_an_oracle_without_labels_or_classes(tools) -> None:
    with pytest.raises(InputError, match="oracle needs labels, but queue_size is 10 and a queue has none; try 0"):
        tools.build("moco", queue_size=10, oracle=True)
    tools.build("simco").check_data(images=9, classes=1)
    with pytest.raises(InputError, match="all images are of one; leave it out"):
        tools.build("simco", oracle=True).check_data(images=9, classes=1)
