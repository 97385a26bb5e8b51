"""What is published: all runs of a claim at one seed, from one kind of processor; on planted stores."""

from pathlib import Path

import pytest

from anatomy.cli import main
from anatomy.study import request
from anatomy.study.study import Study
from anatomy.study.whole_units import kept_back, units
from planted_store import plant

CHAPTER = "score_visualization"


@pytest.fixture(autouse=True)
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "records"
    monkeypatch.setattr(request, "PUBLISHED", folder)
    return folder


@pytest.fixture
def study(store: Path) -> Study:
    """All runs of the first seed, of the second extrapolation alone, and of the third those of plain MoCo."""
    of = Study(CHAPTER, preset="laptop")
    for run in of.paper:
        if run.seed == 0 or (run.seed, run.transform.name) in ((1, "positive_extrapolation"), (2, "none")):
            plant(of, run)
    return Study(CHAPTER, preset="laptop")


def test_a_seed_that_is_there_in_part_is_kept_back(study: Study) -> None:
    """Of plain MoCo alone mixing-5 can be judged; extrapolation is only compared with it."""
    back = kept_back(study, study.found)
    assert back.keys() == {key for key, record in study.found.items() if record["run"].get("seed") == 1}
    assert set(back.values()) == {"transformation-2, seed 1: 1 of its 2 runs is not there"}


def test_a_seed_of_two_kinds_of_processor_is_kept_back(study: Study) -> None:
    found = dict(study.found)
    (id, _), keys = next((of, keys) for of, keys in units(study).items() if of[1] == 0)
    key = sorted(keys)[0]
    found[key] = {**found[key], "provenance": {**found[key]["provenance"], "device": "NVIDIA H100 80GB HBM3"}}
    why = kept_back(study, found)[key]
    assert why.startswith(tuple(f"{id}, seed 0: its runs are of 2 kinds of processor: " for id, _ in units(study)))
    assert "h100-x" in why


def test_publish_says_what_it_keeps_back_and_why(
    study: Study, records: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    back = kept_back(study, study.found)
    assert main(["publish", CHAPTER]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(f"{len(study.found) - len(back)} of {len(study.keys)} runs published in ")
    assert [line for line in said if line.startswith("kept back: ")] == [
        f"kept back: {why}" for why in dict.fromkeys(back.values())
    ]
    assert {file.stem for file in records.glob("*.json")} == study.found.keys() - back.keys()
    assert main(["publish", CHAPTER]) == 0
    assert not kept_back(
        Study(CHAPTER, preset="laptop"), {key: study.found[key] for key in study.found.keys() - back.keys()}
    )
