"""What runs took is counted from their records, and each data set of published runs has its card."""

import hashlib
from types import SimpleNamespace

import numpy as np
import pytest

import effort
from anatomy import data

CPU = {"device": "cpu", "cpu": "AMD EPYC", "precision": "fp32", "threads": 2, "seconds": 1800.0}
GPU = {"device": "NVIDIA H100 80GB HBM3", "cpu": "x", "precision": "fp32", "threads": 8, "seconds": 900.0}


def test_hours_are_those_of_each_core_and_of_the_card() -> None:
    spent = effort.hours([CPU, CPU, GPU])
    assert spent == {"epyc-avx2-fp32": (2, 2.0, False), "h100-fp32": (1, 0.25, True)}
    assert effort.energy(spent) == pytest.approx((2 * 10 + 0.25 * 700) * 1.3 / 1000)


def test_runs_are_counted_by_what_they_serve_if_they_are_there() -> None:
    request = SimpleNamespace(chapter="normalization", preset=SimpleNamespace(name="laptop"), dataset="shapes")
    stages = {"paper": ["a", "lost"], "floor": ["b"], "none": []}
    study = SimpleNamespace(request=request, found={"a": 1, "b": 1}, stages=stages)
    other = SimpleNamespace(
        request=SimpleNamespace(**vars(request) | {"dataset": "cifar10"}), found={"a": 1}, stages=stages
    )
    said = effort.searched([study, other]).splitlines()
    assert said[0] == "| chapter | preset | images | paper | floor |"
    assert said[-2:] == ["| 4 | laptop | shapes | 1 | 1 |", "| 4 | laptop | cifar10 | 1 | 0 |"]
    assert effort.searched([]) == "No run is published."


def test_a_card_says_source_license_and_digest() -> None:
    cards = dict(zip(("shapes", "cifar10"), effort.cards(), strict=True))
    for name, card in cards.items():
        assert data.KNOWN[name] in card
        assert "\nsource\n: " in card
        assert "\nlicense\n: " in card
    assert "98 of its 60,000 images" in cards["cifar10"]
    found = data.load("shapes")
    assert f"{len(found.train_images):,} training and {len(found.test_images):,} test images" in cards["shapes"]


def test_the_digests_of_the_card_are_those_of_the_images(real_images) -> None:
    card = effort.cards()[1]
    images = np.load(real_images / "cifar10.npz")
    for split in ("train_images", "test_images"):
        assert hashlib.sha256(images[split].tobytes()).hexdigest() in card
