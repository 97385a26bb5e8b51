"""Seeds by design: an arm runs with as many as its claims need, and a claim reads the first of its own."""

from pathlib import Path

import pandas as pd
import pytest

from anatomy.errors import InputError
from anatomy.runs.arm import Arm, ids, runs_of
from anatomy.runs.config import Run
from anatomy.study.request import FIGURE, Request, needed
from anatomy.study.study import Study
from anatomy.verdicts import designs as written
from anatomy.verdicts.designs import ClaimDesign, too_few
from anatomy.verdicts.first_seeds import first_seeds
from anatomy.verdicts.power import LEAST

CHAPTER = "score_visualization"


def design(n: int, holds: float | None = None, fails: float | None = None) -> ClaimDesign:
    return {"n": n, "holds": holds, "fails": fails, "date": "", "pilot": None, "parts": {}}


@pytest.fixture
def designs(monkeypatch: pytest.MonkeyPatch) -> None:
    """transformation-3 needs 7 seeds, mixing-6 needs 9, the others 5."""
    planted = {"transformation-3": design(7, 0.9, 0.8), "mixing-6": design(9, 0.6, 0.7)}
    monkeypatch.setattr(written, "designs", lambda: planted)


def test_an_arm_needs_what_the_neediest_of_its_claims_needs(designs: None) -> None:
    assert needed(Arm({}, ids("transformation", 2, 3))) == 7
    assert needed(Arm({}, ids("transformation", 3) + ids("mixing", 6))) == 9
    assert needed(Arm({}, ids("transformation", 2))) == needed(Arm({})) == LEAST
    assert needed(Arm({}, figure=True)) == FIGURE < LEAST


def test_a_control_that_needs_one_seed_has_one() -> None:
    arm = Arm({"method": "simclr", "temperature": 0.1}, once=True)
    assert [run.seed for run in runs_of([arm], (3, 4, 5))] == [3]
    assert [run.seed for run in runs_of([arm], (3, 4, 5), lambda arm: 2)] == [3]


def test_arms_that_differ_in_the_data_set_alone_keep_their_own() -> None:
    arms = [Arm({"method": "simclr", "temperature": 0.1, "dataset": name}) for name in ("cifar10", "svhn")]
    arms.append(Arm({"method": "simclr", "temperature": 0.1}))
    assert [(run.dataset, run.seed) for run in runs_of(arms, (3,))] == [("cifar10", 3), ("svhn", 3), ("shapes", 3)]
    assert runs_of(arms[:1], (3,)) == [Run.of(method="simclr", temperature=0.1, dataset="cifar10", seed=3)]


def test_a_loss_of_the_users_own_is_read_anew_for_each_study(tmp_path: Path) -> None:
    mine = tmp_path / "mine.py"
    text = "def my_loss(positive, negatives, *, temperature: float, {}: float = 1.0):\n    return -positive\n"
    arm = Arm({"method": "simclr", "loss": f"{mine}:my_loss", "temperature": 0.1, "margin": 2.0})
    mine.write_text(text.format("margin"))
    assert runs_of([arm], (0,))[0].flat()["margin"] == 2.0
    mine.write_text(text.format("another"))
    with pytest.raises(InputError, match="margin"):
        runs_of([arm], (0,))


def test_at_overnight_each_arm_has_its_own_number_of_seeds(designs: None, store: object) -> None:
    study = Study(CHAPTER, preset="overnight", records="ignore")
    assert study.seeds == tuple(range(10, 19))
    found: dict[tuple, list[int]] = {}
    for run in study.paper:
        flat = run.flat()
        found.setdefault((run.transform.name, flat["temperature"], flat["momentum"]), []).append(run.seed)
    assert found["none", 0.1, 0.99] == list(range(10, 19))
    assert found["positive_interpolation", 0.1, 0.99] == list(range(10, 17))
    assert found["none", 0.2, 0.99] == list(range(10, 19))
    assert found["none", 0.1, 0.9] == list(range(10, 15))
    assert found["none", 0.1, 0.999] == [10, 11, 12]
    assert {run.seed for run in study.floors} == {0, 10, 11, 12}  # the pixels have the default's


@pytest.mark.parametrize("given", [{"preset": "overnight", "seeds": tuple(range(12))}, {"preset": "gpu"}])
def test_seeds_that_are_given_and_those_of_other_presets_are_every_arms(designs: None, given: dict) -> None:
    request = Request.of(CHAPTER, **given)
    arms = len(request.arms())
    assert len(request.runs()) == arms * len(request.seeds)
    assert len(request.seeds) == (12 if "seeds" in given else 3)


# --- what a claim reads


def tables() -> dict[str, pd.DataFrame]:
    seeds = [12, 10, 11, 13]
    return {
        "runs": pd.DataFrame({"seed": seeds}),
        "knn": pd.DataFrame({"seed": seeds, "accuracy": [2.0, 0.0, 1.0, 3.0]}),
        "floor": pd.DataFrame({"seed": [0], "accuracy": [41.7]}),
    }


def test_later_seeds_are_not_there_and_the_floor_is() -> None:
    read = first_seeds(tables(), (10, 11, 12))
    assert list(read["knn"]["accuracy"]) == [2.0, 0.0, 1.0]
    assert len(read["floor"]) == 1
    assert ("knn" in read, "probe" in read, list(read), len(read)) == (True, False, ["runs", "knn", "floor"], 3)
    with pytest.raises(KeyError):
        read["probe"]
    all_of_them = tables()
    assert first_seeds(all_of_them, (10, 11, 12, 13)) is all_of_them


def test_a_study_says_of_which_seeds_its_claims_are_judged(designs: None, store: object) -> None:
    from anatomy import claims

    judged = Study(CHAPTER, preset="overnight", records="ignore").as_evidence()
    for id, n in (("transformation-3", 7), ("mixing-6", 9), ("mixing-1", LEAST)):
        claim = claims.load(id)
        assert judged.n(claim) == n
        read = judged.read_by(claim, {"knn": pd.DataFrame({"seed": list(range(10, 22))})})
        assert list(read["knn"]["seed"]) == list(range(10, 10 + n))
    given = Study(CHAPTER, preset="overnight", records="ignore", seeds=(0, 1, 2)).as_evidence()
    assert (given.n(claims.load("mixing-6")), given.order) == (9, ())
    assert Study(CHAPTER, preset="laptop", records="ignore").as_evidence().n(claims.load("mixing-1")) == 3


def test_the_power_is_said_where_it_is_too_little() -> None:
    assert too_few(design(12, 0.6, 0.9)) == "12 seeds have a power of 0.60 by the pilot, where 0.80 was asked for"
    assert too_few(design(9, 0.8, 0.9)) == too_few(design(5)) == too_few(None) == ""
