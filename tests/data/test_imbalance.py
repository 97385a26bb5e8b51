"""Which images stay where classes are thinned."""

import numpy as np
import pytest

from anatomy.data.imbalance import kept, share_kept
from anatomy.errors import InputError
from anatomy.hardware.machine import Machine
from anatomy.runs.config import Run
from anatomy.training.train import prepare

LABELS = np.tile(np.arange(10), 30)  # 30 images of each class, in turn


def test_class_i_keeps_i_plus_1_tenths() -> None:
    """The authors' rule at ten classes: 3, 6, ..., 30 images; each class keeps its first."""
    stay = kept(LABELS, 10.0, "class")
    assert np.bincount(LABELS[stay]).tolist() == [3 * (i + 1) for i in range(10)]
    assert stay.tolist() == sorted(stay)
    assert stay[LABELS[stay] == 0].tolist() == [0, 10, 20]


def test_by_chance_as_many_stay_of_all_classes() -> None:
    stay = kept(np.tile(LABELS, 20), 10.0, "chance")
    assert len(stay) == len(set(stay)) == len(kept(np.tile(LABELS, 20), 10.0, "class")) == 3300
    counts = np.bincount(np.tile(LABELS, 20)[stay])
    assert counts.min() > 280
    assert counts.max() < 380


def test_no_class_is_lost() -> None:
    assert np.bincount(LABELS[kept(LABELS, 1e6, "class")]).min() == 1


@pytest.mark.parametrize(("ratio", "share"), [(1.0, 1.0), (10.0, 0.55), (4.0, 0.625)])
def test_about_this_share_stays(ratio: float, share: float) -> None:
    assert share_kept(ratio) == share
    assert len(kept(LABELS, ratio, "class")) / len(LABELS) == pytest.approx(share, abs=0.02)


def test_a_run_trains_on_what_stays_and_is_evaluated_on_all() -> None:
    asked = {"temperature": 0.1, "images": 1000, "width": 4, "size": 8, "batch_size": 50}
    plain, thinned = (prepare(Run.of(**asked, **more), Machine("cpu")) for more in ({}, {"imbalance": 10}))
    assert len(plain.images) == 1000
    counts = np.bincount(thinned.images.labels.numpy(), minlength=10)
    assert counts[0] < counts[9] / 7
    assert len(plain.unseen) == len(thinned.unseen)


def test_a_key_of_old_stays() -> None:
    """Written out: a run of balanced classes says nothing of them."""
    assert "imbalance" not in Run.of(temperature=0.1).content()
    assert Run.of(temperature=0.1, imbalance=1, imbalance_by="class") == Run.of(temperature=0.1)


@pytest.mark.parametrize("wrong", [{"imbalance": 0.5}, {"imbalance_by": "size"}, {"imbalance": float("inf")}])
def test_no_class_is_more_than_whole(wrong: dict) -> None:
    with pytest.raises(InputError, match="imbalance"):
        Run.of(temperature=0.1, **wrong)
