"""The curves against loops, for plain, mixed and excluded negatives."""

import numpy as np
import pytest
import torch
from torch import Tensor

import reference
from anatomy.recorders.score_curves import LABELED, MOMENTS, ScoreCurves
from anatomy.similarity import Against
from anatomy.step import Method, StepOutput
from reference import array

N, K, T = 5, 12, 0.2
LABELS = torch.tensor([0, 1, 2, 0, 1, 2, 0, 1, 2, 0])  # of ten images
INDEX = torch.tensor([3, 1, 4, 8, 0])
QUEUE_INDEX = torch.tensor([0, 9, 2, 5, 7, 1, 3, 6, -1, 8, 4, -1])  # two keys of the random start
NEAREST = 3


def moments_of(positive: np.ndarray, negatives: np.ndarray) -> list[float]:
    """Loops over the anchors, in the order of MOMENTS."""
    rows = [np.array([s for s in row if np.isfinite(s)]) for row in negatives]
    means = [sum(row) / len(row) for row in rows]
    logs = [reference.log_mean_exp_of(row, T) for row in rows]
    return [
        sum(positive) / len(positive),
        reference.variance_of(positive),
        sum(means) / len(means),
        sum(reference.variance_of(row) for row in rows) / len(rows),
        reference.log_mean_exp_of(positive, T),
        np.log(np.mean(np.exp(logs))),
        sum(p > max(row) for p, row in zip(positive, rows, strict=False)) / len(rows),
    ]


def labeled_of(scores: np.ndarray) -> list[float]:
    """In the order of LABELED: pairs of an anchor and a key, counted one by one."""
    pairs = [
        (s, int(LABELS[i]) == int(LABELS[j]), int(j) >= 0)
        for i, row in zip(INDEX[: len(scores)], scores, strict=True)
        for s, j in zip(row, QUEUE_INDEX, strict=True)
    ]
    real = [(s, same) for s, same, key in pairs if key]
    nearest = []
    for row in (real[i * 10 : (i + 1) * 10] for i in range(len(scores))):
        nearest += [same for _, same in sorted(row, reverse=True)[:NEAREST]]
    false, true = ([s for s, same in real if same is wanted] for wanted in (True, False))
    return [10 / 12, len(false) / len(real), np.mean(nearest), np.mean(false), np.mean(true)]


@pytest.mark.parametrize("anchors", [N, 3])
def test_curves_against_loops(recorded, watch, anchors: int) -> None:
    recorder = ScoreCurves(LABELS, exponential_temperature=T, nearest=NEAREST, anchors=anchors)
    table = recorded(recorder, watch)
    assert list(table) == ["step", *MOMENTS, *(f"raw_{name}" for name in MOMENTS), *LABELED]
    query, key = array(watch["z_1"]), array(watch["z_2"])
    mixed, own = watch["negatives"]
    seen = np.hstack([array(mixed.anchor @ mixed.keys.T), array(own)])[:anchors]
    stored = (query @ array(watch["queue"]).T)[:anchors]
    raw_positive = [reference.cosine(a, b) for a, b in zip(query, key, strict=True)]
    expected = [
        7,
        *moments_of(array(watch["positive"]), seen),
        *moments_of(np.array(raw_positive), stored),
        *labeled_of(stored),
    ]
    for (name, column), value in zip(table.items(), expected, strict=True):
        assert column[0] == pytest.approx(value, abs=6e-6), name  # five decimals are kept


def test_without_a_transform_both_halves_are_equal(recorded, watch) -> None:
    plain = watch | {
        "positive": (watch["z_1"] * watch["z_2"]).sum(1),
        "negatives": Against(watch["z_1"], watch["queue"]),
    }
    table = recorded(ScoreCurves(LABELS), plain)
    for name in MOMENTS:
        assert table[name] == table[f"raw_{name}"]


def test_excluded_keys_are_no_scores(recorded, watch) -> None:
    part = Against(watch["z_1"], watch["queue"], (INDEX, QUEUE_INDEX))
    table = recorded(ScoreCurves(LABELS, exponential_temperature=T), watch | {"negatives": part})
    scores = array(watch["z_1"] @ watch["queue"].T)
    scores[array(INDEX)[:, None] == array(QUEUE_INDEX)] = -np.inf
    for name, value in zip(MOMENTS, moments_of(array(watch["positive"]), scores), strict=True):
        assert table[name][0] == pytest.approx(value, abs=6e-6), name


def test_a_queue_of_random_keys_has_no_false_negatives(recorded, watch) -> None:
    table = recorded(ScoreCurves(LABELS), watch | {"queue_index": torch.full((K,), -1)})
    assert [table[name][0] for name in LABELED] == [0, 0, 0, 0, 0]


def test_what_is_noted_needs_no_gradient(watch) -> None:
    """A recorder reads under no_grad; its rows are plain numbers, float64."""
    leaf = watch["z_1"].clone().requires_grad_()
    recorder = ScoreCurves(LABELS)
    with torch.no_grad():
        recorder.after_backward(0, StepOutput(torch.zeros(()), watch | {"z_1": leaf}), Method())
    (row,) = recorder.rows.waiting
    assert isinstance(row, Tensor)
    assert (row.dtype, row.requires_grad) == (torch.float64, False)
