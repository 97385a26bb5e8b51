"""The hardness grid on a planted network, against loops over the embeddings that it asked for."""

from statistics import fmean, pstdev

import torch

import reference
from anatomy.measures.hardness_grid import hardness_grid
from anatomy.training.streams import stream
from reference import array, assert_close


def test_every_cell_against_loops(planted) -> None:
    trained = planted(60, 12)
    table = hardness_grid(trained, sizes=(15, 40), temperatures=(0.1, 1.0))
    asked = {name: array(z) for name, z in trained.encoder.asked.items()}
    assert set(asked) == {"anchor 1", "anchor 2", "dictionary"}
    order = torch.randperm(60, generator=stream(0, "dictionary")).tolist()
    assert table["negatives"] == [15, 15, 40, 40]
    assert table["temperature"] == [0.1, 1.0, 0.1, 1.0]
    positive = [reference.cosine(a, b) for a, b in zip(asked["anchor 1"], asked["anchor 2"], strict=True)]
    for row, (k, t) in enumerate(zip(table["negatives"], table["temperature"], strict=True)):
        keys = asked["dictionary"][order[:k]]
        negatives = [[reference.cosine(a, key) for key in keys] for a in asked["anchor 1"]]
        w = reference.hardness(array(positive), array(negatives), t).tolist()
        assert_close(table["mean"][row], fmean(w), dtype="float32")
        assert_close(table["cv"][row], pstdev(w) / fmean(w), dtype="float32")


def test_a_larger_dictionary_contains_the_smaller(planted) -> None:
    """So the mean of W rises with K, strictly, on any network and at any temperature."""
    table = hardness_grid(planted(60, 12), sizes=(1, 5, 20, 60), temperatures=(0.1,))
    assert table["mean"] == sorted(set(table["mean"]))
    assert len(table["mean"]) == 4


def test_a_dictionary_beyond_the_bank_is_left_out(planted) -> None:
    table = hardness_grid(planted(30, 4), sizes=(30, 31), temperatures=(0.5,))
    assert table["negatives"] == [30]


def test_at_most_512_anchors(planted) -> None:
    trained = planted(20, 600)
    hardness_grid(trained, sizes=(15,), temperatures=(0.5,))
    one, two = (trained.encoder.asked[f"anchor {view}"] for view in (1, 2))
    assert len(one) == len(two) == 512
    assert (one != two).any(1).all()  # two views, not one twice


def test_the_same_twice(planted) -> None:
    assert hardness_grid(planted(60, 12)) == hardness_grid(planted(60, 12))
