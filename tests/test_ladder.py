"""The ladder: which runs a rung has, and what the ledger says of a claim over its rungs."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from anatomy import claims, studies
from anatomy.runs.config import Run
from anatomy.storage.record import Record
from anatomy.study import ladder, plan, presets
from anatomy.study.evidence import Evidence
from anatomy.study.study import Study
from anatomy.verdicts.render import as_json

RUNGS = (1, 3, 9)


@pytest.fixture
def rungs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Overnight of three seeds and of three epochs with the ladder of RUNGS."""
    preset = presets.PRESETS["overnight"]
    preset = replace(preset, run=preset.run | {"epochs": 3}, rungs=RUNGS, seeds=(10, 11, 12))
    monkeypatch.setitem(presets.PRESETS, "overnight", preset)


@pytest.fixture
def study(rungs: None, store: Any) -> Study:
    return Study("dictionary_size", preset="overnight", records="ignore")


@pytest.mark.parametrize("chapter", studies.names())
def test_each_chapter_climbs_with_effects_of_its_own_claims(chapter: str) -> None:
    ids = ladder.climbs(chapter)
    assert ids
    assert {*ids} <= {*claims.ids(chapter)}
    for id in ids:
        claims.load(id)


def test_a_rung_has_the_runs_of_the_arms_that_the_claims_read(study: Study) -> None:
    stages = study.stages
    assert [name for name in stages if ladder.is_rung(name)] == ["rung 1", "rung 9"]
    read = ladder.runs_read(ladder.climbs(study.chapter), study.arms)
    assert len(read) == len(stages["rung 1"]) == len(stages["rung 9"])
    assert 0 < len(read) < len(study.paper)
    for run, longer in zip(read, stages["rung 9"], strict=True):
        assert longer.epochs == 3 * run.epochs
        assert {**longer.content(), "epochs": 0} == {**run.content(), "epochs": 0}
    methods = {(run.method.name, run.batch_size) for run in read}
    assert methods == {("simco", 32), ("simco", 256), ("mocov2", 256)}
    assert {run.seed for run in read} == {10, 11, 12}


@pytest.mark.parametrize("chapter", studies.names())
def test_no_run_stands_for_another_length(chapter: str, store: Any) -> None:
    """Of one epoch there is no half."""
    study = Study(chapter, preset="overnight", records="ignore", data_root=None)
    own = {study.key(run) for run in study.paper}
    rungs = {name: runs for name, runs in study.stages.items() if ladder.is_rung(name)}
    assert study.base["epochs"] in study.preset.rungs
    assert len(rungs) == len(study.preset.rungs) - 1
    for runs in rungs.values():
        assert not own & {study.key(run) for run in runs}


def test_an_arm_with_a_length_of_its_own_keeps_its_share() -> None:
    def epochs(own: int, rung: int) -> int:
        return ladder.at_length(Run.of(method="naive", epochs=own), rung, 3).epochs

    assert [epochs(3, rung) for rung in RUNGS] == [1, 3, 9]
    assert [epochs(6, rung) for rung in RUNGS] == [2, 6, 18]
    assert [epochs(4, rung) for rung in RUNGS] == [1, 4, 12]
    assert epochs(1, 1) == 1


def test_the_rungs_come_behind_the_paper_and_before_the_tuning(study: Study) -> None:
    behind = ["paper", "floor", "rung 1", "rung 9"]
    assert list(study.stages)[:4] == behind
    assert len(study.stages) > 4
    planned = [run.stage for run in plan.planned(study)]
    assert list(dict.fromkeys(planned))[:4] == behind
    assert planned.count("rung 9") == len(study.stages["rung 9"])


def test_no_rungs_are_asked_for_where_the_preset_names_none(store: Any) -> None:
    assert not any(map(ladder.is_rung, Study("dictionary_size", preset="smoke").stages))


# --- what is judged


def record(run: Run, key: str, accuracy: float, cpu: str = "AMD EPYC") -> Record:
    made: Any = {"cpu": cpu, "device": "cpu", "precision": "fp32", "seconds": 1.0, "started": 1.0, "rules": {}}
    return {"key": key, "run": run.content(), "tables": {"knn": {"accuracy": [accuracy]}}, "provenance": made}


def lead(epochs: int) -> float:
    """Of two temperatures at a batch of 32, growing with the rung."""
    return {1: 0.5, 3: 2.0, 9: 4.0}[epochs]


def evidence_of(study: Study, skip: tuple[str, ...] = (), **other: str) -> Evidence:
    """Records of all runs of paper and rungs, as if trained: SimCo with two temperatures leads, seeds differ."""
    found = {}
    for name, runs in study.stages.items():
        if name not in ("paper", "rung 1", "rung 9") or name in skip:
            continue
        rung = 3 if name == "paper" else int(name.removeprefix(ladder.RUNG))
        for run in runs:
            gain = lead(rung) if run.loss.name == "dual_temperature" and run.batch_size == 32 else 0.0
            noise = 0.01 * (int(study.key(run), 16) % 10)
            key = study.key(run)
            found[key] = record(run, key, 50 + run.seed + gain + noise, other.get(name.replace(" ", "_"), "AMD EPYC"))
    stages = {name: [study.key(run) for run in runs] for name, runs in study.stages.items()}
    return Evidence(study.request, "resnet8 width 16", stages, found)


def trend_of(evidence: Evidence, id: str) -> Any:
    (one,) = next(row.verdicts for row in evidence.verdicts if row.claim.id == id)
    return one.trend


def test_the_ledger_says_how_an_effect_moves(study: Study) -> None:
    evidence = evidence_of(study)
    found = trend_of(evidence, "dictionary-7")
    assert found.word == "grows"
    assert [(rung.epochs, sorted(rung.effects)) for rung in found.rungs] == [(e, [10, 11, 12]) for e in RUNGS]
    assert [rung.seen.estimate for rung in found.rungs] == pytest.approx([lead(e) for e in RUNGS], abs=0.1)
    assert trend_of(evidence, "dictionary-9").word == "flat"  # SimCo at 256 against MoCo: no lead anywhere
    assert trend_of(evidence, "dictionary-10") is None  # not climbed


def test_the_rungs_stand_in_no_table_of_the_study(study: Study) -> None:
    evidence = evidence_of(study)
    assert set(evidence.tables["knn"]["stage"]) == {"paper"}
    assert set(evidence.tables["knn"]["epochs"]) == {3, 6, 48}
    assert {epochs: set(tables["knn"]["stage"]) for epochs, tables in evidence.rungs.items()} == {
        epochs: {"paper"} for epochs in RUNGS
    }
    assert evidence.rungs[9]["knn"]["epochs"].min() == 9


def test_the_json_of_the_ledger_has_the_trend_with_its_rungs(study: Study) -> None:
    import json

    said = {claim["id"]: claim for claim in json.loads(as_json(evidence_of(study).verdicts))["claims"]}
    (verdict,) = said["dictionary-7"]["verdicts"]
    assert (verdict["trend"]["word"], verdict["trend"]["unit"]) == ("grows", "points")
    assert [(rung["epochs"], rung["n"]) for rung in verdict["trend"]["rungs"]] == [(1, 3), (3, 3), (9, 3)]
    rung = verdict["trend"]["rungs"][2]
    assert rung["low"] < rung["estimate"] < rung["high"]
    assert said["dictionary-10"]["verdicts"][0]["trend"] is None


def test_a_rung_that_was_not_run(study: Study) -> None:
    missing = trend_of(evidence_of(study, skip=("rung 9",)), "dictionary-7")
    assert (missing.word, missing.note) == ("not run", "fewer than two seeds at a rung of 9 epochs")
    assert trend_of(evidence_of(study, skip=("rung 1", "rung 9")), "dictionary-7") is None


def test_rungs_of_two_kinds_of_processor_are_not_compared(study: Study) -> None:
    found = trend_of(evidence_of(study, rung_9="Intel(R) Xeon(R) Processor (AMX)"), "dictionary-7")
    assert found.word == "not run"
    assert found.note == "its runs with seed 10 are of 2 kinds of processor: epyc-avx2-fp32, xeon-amx-fp32"


def test_the_seeds_of_a_rung_are_drawn_one_by_one(study: Study) -> None:
    """Where an arm lacks a seed, no other number takes its place."""
    evidence = evidence_of(study)
    run = next(
        run for run in study.stages["rung 9"]
        if run.seed == 11 and run.batch_size == 32 and run.loss.name == "info_nce"
    )  # fmt: skip
    del evidence.found[study.key(run)]
    rungs = {rung.epochs: sorted(rung.effects) for rung in trend_of(evidence, "dictionary-7").rungs}
    assert rungs == {1: [10, 11, 12], 3: [10, 11, 12], 9: [10, 12]}
    assert isinstance(evidence.tables["knn"], pd.DataFrame)
