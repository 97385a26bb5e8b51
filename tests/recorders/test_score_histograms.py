"""The histograms against loops, bin by bin."""

import numpy as np
import torch

import reference
from anatomy.recorders.score_histograms import KINDS, MOMENTS, ScoreHistograms, histogram
from anatomy.similarity import Against
from reference import array, assert_close

N, K = 5, 12
LABELS = torch.tensor([0, 1, 2, 0, 1, 2, 0, 1, 2, 0])  # of ten images
INDEX = torch.tensor([3, 1, 4, 8, 0])
QUEUE_INDEX = torch.tensor([0, 9, 2, 5, 7, 1, 3, 6, -1, 8, 4, -1])  # two keys of the random start


def test_bins_by_hand() -> None:
    """Four bins: [-1, -.5), [-.5, 0), [0, .5), [.5, 1]; what lies outside counts at the end."""
    scores = torch.tensor([-3.0, -1.0, -0.5, -0.49, 0.0, 0.49, 0.5, 1.0, 2.0, -0.51])
    assert histogram(scores, 4).tolist() == [3, 2, 2, 3]
    assert histogram(scores, 4, scores < 0).tolist() == [3, 2, 0, 0]
    assert_close(histogram(scores, 4), reference.histogram_of(array(scores), 4))


def test_histograms_against_loops(recorded, watch) -> None:
    table = recorded(ScoreHistograms(LABELS, 1, bins=10, every=1, anchors=3), watch)
    assert list(table) == ["step", "score", *KINDS]
    assert_close(table["score"], np.arange(-0.9, 1, 0.2))
    query, key = array(watch["z_1"]), array(watch["z_2"])
    mixed, own = watch["negatives"]
    stored = (query @ array(watch["queue"]).T)[:3]
    same = np.array([[j >= 0 and LABELS[i] == LABELS[j] for j in QUEUE_INDEX] for i in INDEX[:3]])
    real = np.array([[j >= 0 for j in QUEUE_INDEX] for _ in range(3)])
    kinds = {
        "positive": array(watch["positive"]),
        "negative": np.hstack([array(mixed.anchor @ mixed.keys.T), array(own)])[:3].flatten(),
        "raw_positive": np.array([reference.cosine(a, b) for a, b in zip(query, key, strict=True)]),
        "raw_false": stored[same],
        "raw_true": stored[real & ~same],
    }
    for kind, scores in kinds.items():
        assert table[kind] == reference.histogram_of(scores, 10).tolist(), kind
    assert sum(table["raw_false"]) + sum(table["raw_true"]) == 30


def test_excluded_keys_are_in_no_bin(recorded, watch) -> None:
    part = Against(watch["z_1"], watch["queue"], (INDEX, QUEUE_INDEX))
    table = recorded(ScoreHistograms(LABELS, 1, every=1), watch | {"negatives": part})
    assert sum(table["negative"]) == N * K - 5


def test_histograms_are_rarer_than_curves(recorded, watch) -> None:
    """record_every 2, every 3: steps 0, 6, 12, also where a stopped run goes on."""
    recorder = ScoreHistograms(LABELS, 2, bins=2, every=3)
    for step in range(0, 14, 2):
        recorded(recorder, watch, step)
    assert recorder.rows.table()["step"] == [0, 0, 6, 6, 12, 12]


def test_a_table_has_at_most_twenty_histograms_each_of_one_step(recorded, watch) -> None:
    """Scores that jump from one step to the next: a mean over two steps would have two heads."""
    recorder = ScoreHistograms(LABELS, 1, bins=4, every=1)
    for step in range(35):
        recorded(recorder, watch | {"positive": torch.full((N,), 0.9 if step == 0 else 0.1)}, step)
    table = recorder.rows.table()
    assert table["step"] == [float(step) for step in range(0, 35, 2) for _ in range(4)]
    assert len(set(table["step"])) == 18 <= MOMENTS
    assert table["positive"] == [0, 0, 0, N] + [0, 0, N, 0] * 17
