"""The linear probe: an independent solution, cases of known accuracy, and that it never trains on unseen images."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from torch import Tensor, nn

from anatomy.data.image_set import ImageSet
from anatomy.measures import linear_probe as module
from anatomy.measures.linear_probe import fit, linear_probe, moments, with_ones
from reference import array, assert_close


def objective(weights: np.ndarray, x: np.ndarray, labels: list[int], weight_decay: float) -> tuple[float, np.ndarray]:
    """Sum of -log softmax + weight_decay / 2 |W|^2 without the biases, and its gradient: the definition, in loops."""
    classes = max(labels) + 1
    w = weights.reshape(-1, classes)
    value, gradient = weight_decay / 2 * (w[:-1] ** 2).sum(), np.vstack([weight_decay * w[:-1], np.zeros(classes)])
    for row, label in zip(x, labels, strict=True):
        scores = np.array([*row, 1.0]) @ w
        p = np.exp(scores - scores.max())
        p /= p.sum()
        value -= np.log(p[label])
        gradient += np.outer([*row, 1.0], p - np.eye(classes)[label])
    return value, gradient.ravel()


def solution(x: np.ndarray, labels: list[int], weight_decay: float) -> np.ndarray:
    """The minimum by scipy's BFGS, [F + 1, classes]."""
    classes = max(labels) + 1
    start = np.zeros((x.shape[1] + 1) * classes)
    found = minimize(objective, start, (x, labels, weight_decay), jac=True, method="BFGS", options={"gtol": 1e-8})
    return found.x.reshape(-1, classes)


def blobs(count: int, generator: torch.Generator, spread: float = 1.0) -> tuple[Tensor, Tensor]:
    """Features [N, 3] float64 around three centers, far from zero and of unlike size; labels [N]."""
    labels = torch.arange(count) % 3
    centers = torch.tensor([[9.0, 0, 1], [5, 3, 1], [5, 0, -2]], dtype=torch.float64)
    noise = torch.randn(count, 3, generator=generator, dtype=torch.float64)
    return centers[labels] + spread * noise, labels


# --- the fit


@pytest.mark.parametrize("weight_decay", [0.1, 1.0, 30.0])
def test_the_weights_are_those_of_an_independent_solution(weight_decay: float, generator: torch.Generator) -> None:
    x, labels = blobs(40, generator)
    found = array(fit(x, labels, weight_decay=weight_decay))
    expected = solution(array(x), labels.tolist(), weight_decay)
    # A constant added to all biases changes nothing, so only their differences have a value.
    found[-1] -= found[-1].mean()
    expected[-1] -= expected[-1].mean()
    # The fit ends at a gradient of 1e-6 an image, which leaves this much of the weights open.
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)
    values = [objective(w.ravel(), array(x), labels.tolist(), weight_decay)[0] for w in (found, expected)]
    assert_close(values[0], values[1], dtype="float32")


def test_the_start_in_float32_changes_the_way_and_not_the_end(
    generator: torch.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plain twin is float64 alone. float32 alone would end 4e-9 nats an image above it."""
    x, labels = blobs(600, generator)
    found = fit(x, labels, weight_decay=1.0)
    monkeypatch.setattr(module, "GRADIENT_TOLERANCE", {torch.float64: 1e-6})
    plain = fit(x, labels, weight_decay=1.0)
    values = [objective(array(weights).ravel(), array(x), labels.tolist(), 1.0)[0] / 600 for weights in (found, plain)]
    assert abs(values[0] - values[1]) < 1e-9
    assert (with_ones(x) @ found).argmax(1).equal((with_ones(x) @ plain).argmax(1))


def test_it_stops_at_the_minimum_where_features_are_almost_one(generator: torch.Generator) -> None:
    """Correlation 0.9999 and dead features, as a backbone has them: the gradient is zero all the same."""
    x, labels = blobs(60, generator)
    x = torch.cat([x, x + 0.01 * torch.randn(60, 3, generator=generator, dtype=torch.float64), 0 * x], 1)
    found = fit(x, labels, weight_decay=1.0)
    _, gradient = objective(array(found).ravel(), array(x), labels.tolist(), 1.0)
    assert np.abs(gradient).max() / 60 < 1e-5


def test_a_copied_feature_is_no_accident(generator: torch.Generator) -> None:
    """Two equal columns share the weight that one would have, at half the price."""
    x, labels = blobs(30, generator)
    found = fit(torch.cat([x, x], 1), labels, weight_decay=1.0)
    np.testing.assert_allclose(found[:3], found[3:6], atol=1e-3)
    assert fit(torch.cat([x] * 20, 1), labels, weight_decay=1e-18).isfinite().all()


def test_moments_by_hand() -> None:
    bank = torch.tensor([[1.0, 5, 0], [3, 5, 0], [5, 5 * (1 + 1e-7), 0]], dtype=torch.float64)
    mean, deviation = moments(bank)
    assert_close(mean[0], 3.0)
    assert_close(deviation, [(8 / 3) ** 0.5, 1, 1])  # rounding noise and a dead feature are not blown up


# --- the measure: pixels are the representation


class Means(nn.Module):
    """The representation: the mean of each color [N, 3]."""

    def forward(self, x: Tensor) -> Tensor:
        return x.mean((2, 3))


def colored(count: int, generator: torch.Generator) -> ImageSet:
    """Images that are red, green or blue, by label: a linear probe on the mean color is right on all."""
    labels = torch.randint(0, 3, (count,), generator=generator)
    pixels = torch.randint(0, 100, (count, 3, 8, 8), generator=generator)
    pixels[torch.arange(count), labels] += 100
    return ImageSet(pixels.to(torch.uint8), labels)


def test_what_can_be_separated_is(planted, generator: torch.Generator) -> None:
    bank, unseen = colored(60, generator), colored(40, generator)
    trained = replace(planted(1, 1, backbone=Means()), bank=bank, unseen=unseen)
    assert linear_probe(trained) == {"accuracy": [100.0], "weight_decay": [1.0], "bank": [60], "unseen": [40]}


def test_the_table_against_the_independent_solution(planted) -> None:
    """Clean images, standardized by the bank alone, guesses by the largest score."""
    trained = planted(80, 50, backbone=Means())
    bank, unseen = (
        ((part.images.double().mean((2, 3)) / 255 - 0.5) / 0.25).numpy() for part in (trained.bank, trained.unseen)
    )
    center, scale = bank.mean(0), bank.std(0)
    weights = solution((bank - center) / scale, trained.bank.labels.tolist(), 2.0)
    guesses = (np.c_[(unseen - center) / scale, np.ones(50)] @ weights).argmax(1)
    right = (guesses == trained.unseen.labels.numpy()).mean()
    assert linear_probe(trained, weight_decay=2.0)["accuracy"] == [pytest.approx(100 * right)]


def test_unseen_images_are_never_trained_on(planted) -> None:
    """192 pixels against 60 unseen images of random labels: trained on them, the probe would be right on all."""
    trained = planted(90, 60)
    assert linear_probe(replace(trained, unseen=trained.bank), weight_decay=1e-3)["accuracy"] == [100.0]
    assert linear_probe(trained, weight_decay=1e-3)["accuracy"][0] < 55  # chance is 33, sd 6


def test_an_unseen_image_does_not_move_another_ones_guess(planted) -> None:
    """Not by the standardization either: accuracies of single images add up to that of all."""
    trained = planted(90, 12, backbone=Means())
    single = [
        linear_probe(replace(trained, unseen=ImageSet(trained.unseen.images[[i]], trained.unseen.labels[[i]])))
        for i in range(12)
    ]
    assert sum(table["accuracy"][0] for table in single) / 12 == pytest.approx(linear_probe(trained)["accuracy"][0])


def test_only_the_bank_standardizes(planted, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Tensor] = []
    monkeypatch.setattr(module, "moments", lambda bank: asked.append(bank) or moments(bank))
    trained = planted(90, 12, backbone=Means())
    linear_probe(trained)
    assert [len(bank) for bank in asked] == [90]
    assert asked[0].equal(trained.representations(trained.bank).double())


def test_permuted_labels_are_chance(planted, generator: torch.Generator) -> None:
    bank, unseen = colored(300, generator), colored(300, generator)
    bank = ImageSet(bank.images, bank.labels[torch.randperm(300, generator=generator)])
    accuracy = linear_probe(replace(planted(1, 1, backbone=Means()), bank=bank, unseen=unseen))["accuracy"][0]
    assert 10 < accuracy < 57  # 33, and three classes that are one guess each


def test_a_class_without_training_images_is_wrong_and_no_error(planted) -> None:
    trained = planted(30, 9, backbone=Means())
    foreign = ImageSet(trained.unseen.images, torch.full((9,), 7))
    assert linear_probe(replace(trained, unseen=foreign))["accuracy"] == [0.0]


def test_a_collapsed_network_guesses_the_commonest_class(planted) -> None:
    class Constant(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return 0 * x.flatten(1)[:, :5] + 0.3

    trained = planted(40, 30, backbone=Constant())
    commonest = trained.bank.labels.bincount().argmax()
    share = (trained.unseen.labels == commonest).double().mean().item()
    assert linear_probe(trained)["accuracy"] == [pytest.approx(100 * share)]


def test_the_same_twice_and_the_network_left_as_it_was(planted) -> None:
    trained = planted(40, 10, backbone=nn.Sequential(nn.Flatten(), nn.Dropout(0.5)))
    trained.encoder.train()
    before = {name: value.clone() for name, value in trained.encoder.state_dict().items()}
    assert linear_probe(trained) == linear_probe(trained)
    assert trained.encoder.training
    assert all(value.equal(before[name]) for name, value in trained.encoder.state_dict().items())
    assert all(parameter.grad is None for parameter in trained.encoder.parameters())


def test_the_last_weights_are_biases() -> None:
    """Class 1 three times as often as class 0, features that say nothing: the odds are 3."""
    weights = fit(torch.zeros(8, 2, dtype=torch.float64), torch.tensor([0, 1, 1, 1] * 2), weight_decay=1.0)
    assert_close((weights[-1, 1] - weights[-1, 0]).exp(), 3.0, dtype="float32")
    assert with_ones(torch.zeros(2, 3)).tolist() == [[0, 0, 0, 1]] * 2
