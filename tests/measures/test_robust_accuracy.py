"""Accuracy under attack: of a network that hides its gradient, of one that cannot be moved, and on which images."""

import runpy
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from anatomy.attacks.objectives import margin
from anatomy.data.image_set import ImageSet
from anatomy.measures.robust_accuracy import first, robust_accuracy, still_right
from hiding import EPSILON, gray, hiding


def of(planted, depth: float, count: int = 40):
    trained = planted(8, 8)
    return replace(trained, encoder=hiding(depth), unseen=ImageSet(gray(count), torch.zeros(count).long()))


def accuracies(table) -> dict[str, float]:
    return dict(zip(table["attack"], table["accuracy"], strict=True))


def test_a_network_that_hides_is_seen_through_by_many_steps(planted) -> None:
    found = accuracies(robust_accuracy(of(planted, 1.0), radius=EPSILON))
    assert (found["clean"], found["FGSM"], found["PGD"]) == (100, 100, 0)
    assert found["APGD"] < 50  # its first steps of two epsilon jump over the wave


def test_a_network_that_no_attack_moves_stays_right(planted) -> None:
    found = accuracies(robust_accuracy(of(planted, 0.0), radius=EPSILON))
    assert set(found.values()) == {100}


def test_auto_attack_sees_through_it_too_and_moves_no_other(planted) -> None:
    pytest.importorskip("autoattack", reason="the package of AutoAttack's authors is not installed")
    measure = runpy.run_path(str(Path(__file__).parents[2] / "examples" / "auto_attack.py"))["auto_attack"]
    for depth, expected in ((1.0, 0.0), (0.0, 100.0)):
        table = measure(of(planted, depth, 8), ball=EPSILON, judged=8, kinds="apgd-ce,square")
        assert table == {"accuracy": [expected], "images": [8]}


def test_how_many_images_and_that_they_are_the_first(planted) -> None:
    trained = of(planted, 0.0)
    labels = torch.zeros(40).long()
    labels[:4] = 1  # wrong without an attack, and so under each
    table = robust_accuracy(replace(trained, unseen=ImageSet(gray(40), labels)), radius=EPSILON, attacked=16,
                            auto_attacked=8)  # fmt: skip
    assert table["images"] == [16, 16, 16, 8]
    assert accuracies(table) == {"clean": 75, "FGSM": 75, "PGD": 75, "APGD": 50}


def test_pixels_and_labels_are_of_the_first_images(planted) -> None:
    trained = planted(8, 8)
    (some, labels), (every, known) = (next(first(trained, count)) for count in (3, 8))
    assert torch.equal(some, every[:3])
    assert not torch.equal(some, every[-3:])
    assert torch.equal(labels, known[:3])


def test_an_image_that_is_wrong_is_not_made_right(planted) -> None:
    def network(x):
        return torch.stack([x.mean((1, 2, 3)), torch.full([len(x)], 0.5)], 1)

    x, y = torch.tensor([0.4, 0.6])[:, None, None, None].expand(2, 3, 8, 8), torch.tensor([0, 0])
    assert margin(network(x), y).gt(0).tolist() == [True, False]
    assert still_right(network, x, y, lambda n, x, y: x + 0.3).tolist() == [False, True]


def test_it_leaves_mode_and_weights_alone(planted) -> None:
    trained = planted(8, 20)
    trained.encoder.train()
    robust_accuracy(trained, radius=0.05)
    assert trained.encoder.training
    assert all(weight.grad is None for weight in trained.encoder.parameters())


@pytest.mark.parametrize("chunk", [3, 1000])
def test_images_go_through_in_parts(planted, monkeypatch, chunk: int) -> None:
    monkeypatch.setattr("anatomy.measures.robust_accuracy.CHUNK", chunk)
    assert robust_accuracy(of(planted, 1.0, 10), radius=EPSILON)["images"] == [10] * 4
