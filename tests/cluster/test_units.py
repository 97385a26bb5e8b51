"""A unit: the arms of one seed that some claim compares."""

from anatomy.cluster.units import groups, units
from anatomy.runs.arm import Arm
from anatomy.runs.config import Run
from anatomy.studies import names
from anatomy.study.study import Study
from anatomy.study.train import units_of


def test_arms_that_share_a_claim_are_a_group_also_through_others() -> None:
    assert groups([("a",), ("b",), ("a", "b"), (), ("c",)]) == [0, 0, 0, 3, 4]


def test_a_seed_and_its_group() -> None:
    runs = {f"{seed}{arm}": Run.of(temperature=0.1, seed=seed) for seed in (0, 1) for arm in "abc"}
    arms = [
        (Arm({}, claims), [f"0{arm}", f"1{arm}"]) for arm, claims in zip("abc", [("x",), ("y",), ("x",)], strict=True)
    ]
    assert units(arms, runs, alone=True) == {
        "0a": (0, 0), "0b": (0, 1), "0c": (0, 0), "1a": (1, 0), "1b": (1, 1), "1c": (1, 0),
    }  # fmt: skip
    assert set(units(arms, runs, alone=False).values()) == {(0, 0), (1, 0)}


def test_no_claim_of_a_study_reads_two_units_of_a_seed() -> None:
    for chapter in names():
        study = Study(chapter, preset="smoke")
        found = units_of(study)
        assert found.keys() == set(study.keys)
        for claim in {claim for arm, _ in study.arms for claim in arm.claims}:
            read = [run for arm, runs in study.arms if claim in arm.claims for run in runs]
            for seed in study.seeds:
                assert len({found[study.key(run)] for run in read if run.seed == seed}) <= 1
