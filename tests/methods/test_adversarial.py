"""Adversarial training: its loss from the authors' steps, its noise, and its two penalties."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from anatomy.attacks.alignment import alignment
from anatomy.errors import InputError
from anatomy.runs import parts
from anatomy.step import Batch

EPSILON = 16 / 255
N = 12


def batch_of(tools, seed: int = 7) -> Batch:
    views = tools.batch(N).views[:1]
    return Batch((views[0] / 3,), torch.arange(N) % 4, torch.arange(N), 0, torch.Generator().manual_seed(seed))


def method_of(tools, norm: bool = False, **options):
    method = parts.load("method", "adversarial")(
        tools.encoder(0, norm), torch.Generator().manual_seed(3), epsilon=EPSILON, **options
    ).double()
    method.check_data(images=N, classes=4)
    return method


def by_hand(method, batch: Batch, noise: Tensor, clip: bool, k: float, alpha: float) -> Tensor:
    """N-FGSM's and FGSM-RS's order: in changes of the pixels, on views that are (x - 0.5) * 4."""
    x = (batch.views[0] / 4 + 0.5).clamp(0, 1)
    delta = (k * EPSILON * noise).clamp(-x, 1 - x).requires_grad_()
    (gradient,) = torch.autograd.grad(cross_entropy(method.encoder(4 * (x + delta) - 2), batch.labels), delta)
    delta = delta.detach() + alpha * EPSILON * gradient.sign()
    delta = delta.clamp(-EPSILON, EPSILON) if clip else delta
    return (x + delta).clamp(0, 1)


def uniform() -> Tensor:
    return (2 * torch.rand(N, 3, 4, 4, generator=torch.Generator().manual_seed(7)) - 1).double()


@pytest.mark.parametrize(
    ("options", "k", "alpha"),
    [({"noise": "start", "alpha": 1.25}, 1, 1.25), ({"noise": "start", "k": 2.0, "clip": False}, 2, 1),
     ({}, 0, 1)],
)  # fmt: skip
def test_its_loss_is_that_of_the_attacked_images(options, k: float, alpha: float, tools) -> None:
    method, batch = method_of(tools, **options), batch_of(tools)
    attacked = by_hand(method, batch, uniform(), options.get("clip", True), k, alpha)
    expected = cross_entropy(method.encoder(4 * attacked - 2), batch.labels)
    output = method(batch)
    torch.testing.assert_close(output.loss, expected, rtol=1e-10, atol=0)
    torch.testing.assert_close(output.watch["after"].mean(), expected.detach())


def test_noise_aug_trains_as_n_fgsm_bit_for_bit(tools) -> None:
    """The same weights after five steps, from the same draws."""
    options = [{"noise": "image", "k": 2.0, "alpha": 1.25}, {"noise": "start", "k": 2.0, "clip": False}]
    both = [method_of(tools, norm=True, **one) for one in options]
    for method in both:
        generator = torch.Generator().manual_seed(1)
        for _ in range(5):
            tools.train(method, replace(batch_of(tools), generator=generator))
    for one, other in zip(*(method.parameters() for method in both), strict=True):
        assert torch.equal(one, other)
    plain = method_of(tools, norm=True)
    tools.train(plain, batch_of(tools))
    assert not torch.equal(next(plain.parameters()), next(both[0].parameters()))


def test_fresh_noise_is_the_epochs_and_fixed_noise_the_images(tools) -> None:
    fresh, fixed = (method_of(tools, noise="image", fresh=value) for value in (True, False))
    shape, batch = torch.zeros(N, 3, 4, 4).double(), batch_of(tools)
    torch.testing.assert_close(fresh.noise(shape, batch), uniform())
    first = fixed.noise(shape, batch)
    assert torch.equal(fixed.noise(shape, batch_of(tools, seed=8)), first)
    turned = replace(batch, index=torch.arange(N).flip(0))
    assert torch.equal(fixed.noise(shape, turned), first.flip(0))
    assert not torch.equal(first[0], first[1])
    assert torch.equal(method_of(tools, noise="image", fresh=False).noise(shape, batch), first)  # after a stop
    assert "fixed" not in fixed.state_dict()
    assert method_of(tools).noise(shape, batch) is None


def test_the_kind_of_noise(tools) -> None:
    normal = method_of(tools, noise="image", distribution="normal").noise(torch.zeros(N, 3, 4, 4), batch_of(tools))
    assert normal.abs().max() > 1.5


def test_the_attack_sees_the_network_in_training_mode(tools) -> None:
    """As in the authors' code: the statistics of the batch, which both passes move."""
    method = method_of(tools, norm=True).train()
    method(batch_of(tools))
    assert method.encoder.backbone[2].num_batches_tracked == 2
    assert method.training


def test_grad_align_adds_what_the_alignment_lacks(tools) -> None:
    plain, method = method_of(tools), method_of(tools, penalty="grad_align", align_weight=2.0)
    batch = batch_of(tools)
    extra = method(batch).loss - plain(batch_of(tools)).loss
    images = (batch.views[0] / 4 + 0.5).clamp(0, 1)
    expected = alignment(method.network, images, batch.labels, EPSILON, torch.Generator().manual_seed(7))
    torch.testing.assert_close(extra, 2 * (1 - expected))
    tools.train(method, batch_of(tools))
    tools.train(plain, batch_of(tools))
    assert not torch.equal(next(plain.parameters()), next(method.parameters()))


def hiding(tools, **options):
    """A network whose loss many attacks lower: its weights are large."""
    method = method_of(tools, noise="start", **options)
    with torch.no_grad():
        method.encoder.backbone[1].weight.mul_(60)
    return method


def test_aaer_as_released_has_no_gradient_of_its_gap(tools) -> None:
    batch = batch_of(tools)
    none, released, written = (
        hiding(tools, penalty=penalty, gap_weight=5.0, spread_weight=0.0)
        for penalty in ("none", "aaer", "aaer_as_written")
    )
    output = none(batch)
    rows = output.watch["before"] > output.watch["after"]
    assert 0 < rows.sum() < N
    gap = (output.watch["before"] - output.watch["after"])[rows].mean()
    for method in (released, written):
        extra = method(batch_of(tools)).loss - output.loss
        torch.testing.assert_close(extra, 5 * rows.double().mean() * gap)
    gradients = [tools.weight_gradient(method, batch_of(tools)) for method in (none, released, written)]
    torch.testing.assert_close(gradients[0], gradients[1], rtol=1e-12, atol=0)
    assert not torch.allclose(gradients[0], gradients[2])


def test_its_spread_has_one(tools) -> None:
    none, released = hiding(tools), hiding(tools, penalty="aaer", gap_weight=0.0, spread_weight=1.0)
    seed = 17  # noise with which abnormal outputs move further than the others'
    assert released(batch_of(tools, seed)).loss > none(batch_of(tools, seed)).loss
    gradients = [tools.weight_gradient(method, batch_of(tools, seed)) for method in (none, released)]
    assert not torch.allclose(*gradients)


def test_more_classes_than_logits_are_rejected(tools) -> None:
    with pytest.raises(InputError, match="dimension is 4, but a label is 4"):
        method_of(tools).check_data(images=9, classes=5)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"epsilon": -0.1}, "epsilon is -0.1, but it must be greater than or equal to 0"),
        ({"epsilon": 8}, "epsilon is 8, but it must be less than or equal to 1"),
        ({"noise": "befor"}, "noise is 'befor'; known: after, image, none, start"),
        ({"penalty": "aear"}, "penalty is 'aear'; did you mean aaer"),
        ({"k": -1}, "k is -1, but it must be greater than or equal to 0"),
    ],
)
def test_wrong_options_are_rejected(options, said: str) -> None:
    with pytest.raises(InputError) as error:
        parts.check("method", "adversarial", options)
    assert said in str(error.value)
