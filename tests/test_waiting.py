"""Which claims can be judged, and what the others wait for, on planted stores."""

from pathlib import Path

import pytest

from anatomy.cli import main
from anatomy.runs.config import Run
from anatomy.study.screening import SEEDS as TUNING
from anatomy.study.study import Study
from anatomy.study.waiting import Waiting, needs, waiting
from anatomy.verdicts.designs import seeds_of
from planted_store import plant

CHAPTER = "score_visualization"
AT_LAPTOP = ["transformation-1", "transformation-2", "mixing-1", "mixing-2", "mixing-5"]


def study(preset: str = "laptop", **given: object) -> Study:
    return Study(CHAPTER, preset=preset, records="ignore", **given)


def there(of: Study) -> dict:
    return of.with_records("ignore").found


def transform(run: Run) -> str:
    return run.transform.name


def test_of_an_empty_store_every_claim_waits_and_nothing_is_known_of_its_pace(store: Path) -> None:
    found = waiting(study(), {})
    assert [claim.id for claim in found] == AT_LAPTOP  # the others are asked of a larger preset
    assert [claim.runs for claim in found] == [9, 6, 6, 3, 3]  # arms times seeds
    assert {claim.seconds for claim in found} == {None}


def test_a_claim_is_ready_once_all_its_arms_have_all_seeds(store: Path) -> None:
    """Plain MoCo takes 60 s, the mixture 100 s where it was run; of what was never run the mean is taken."""
    of = study()
    for run in of.paper:
        plain = transform(run) == "none" and run.flat()["momentum"] == 0.99
        if plain or (transform(run) == "mochi" and run.seed != 2):
            plant(of, run, seconds=60.0 if plain else 100.0)
    found = {claim.id: claim for claim in waiting(of, there(of))}
    assert found["mixing-5"] == Waiting("mixing-5", 0, 0.0)
    assert (found["mixing-1"], found["mixing-2"]) == (Waiting("mixing-1", 1, 100.0), Waiting("mixing-2", 1, 100.0))
    mean = (3 * 60 + 2 * 100) / 5
    for id, lacking in (("transformation-2", 3), ("transformation-1", 6)):
        assert (found[id].runs, found[id].seconds) == (lacking, pytest.approx(lacking * mean))


def test_what_is_only_measured_says_nothing_of_the_pace(store: Path) -> None:
    of = study()
    for run in [run for run in of.floors if not run.epochs]:
        plant(of, run, seconds=500.0)
    assert {claim.seconds for claim in waiting(of, there(of))} == {None}


def test_runs_on_a_card_say_nothing_of_the_pace_here(store: Path) -> None:
    of = study()
    for run in of.paper:
        if run.seed != 2:
            plant(of, run, seconds=60.0 if run.seed == 0 else 4.0)
    found = there(of)
    for record in found.values():
        if record["run"].get("seed") == 1:
            record["provenance"]["device"] = "NVIDIA H100 80GB HBM3"
    paces = {claim.seconds / claim.runs for claim in waiting(of, found) if claim.runs}
    assert paces == {60.0}
    cards = {key: record for key, record in found.items() if record["run"].get("seed") == 1}
    assert {claim.seconds for claim in waiting(of, cards)} == {None}


def test_a_claim_that_compares_arms_at_their_best_waits_for_their_tuning(store: Path) -> None:
    of = study("overnight", seeds=(3, 4))
    assert len(needs(of)["transformation-3"]) == 3 * 2 + 3 * 12
    assert len(needs(of)["transformation-4"]) == 4 * 2
    for run in (*of.paper, *of.stages["screen"]):
        plant(of, run, planted(run))
    (one,) = [claim for claim in waiting(of.with_records("ignore"), there(of)) if claim.id == "transformation-3"]
    finals = of.with_records("ignore").stages["final"]
    assert (one.runs, one.seconds) == (len(finals), 60.0 * len(finals))
    for run in finals:
        plant(of, run, planted(run))
    last = {claim.id: claim.runs for claim in waiting(of.with_records("ignore"), there(of))}
    assert last["transformation-3"] == 2  # interpolation at its best, with both seeds


def test_a_claim_waits_for_the_seeds_of_its_own_design_and_for_no_later_ones(store: Path) -> None:
    of = study("overnight")
    waits = {id: {run.seed for run in runs.values()} - {*TUNING} for id, runs in needs(of).items()}
    assert waits == {id: {*of.seeds[: seeds_of(id)]} for id in waits}
    assert len({len(seeds) for seeds in waits.values()}) > 1  # of arms that several claims read


def planted(run: Run) -> dict:
    """Interpolation is better at a lower learning rate."""
    better = 5.0 * (transform(run) == "positive_interpolation" and run.learning_rate == 0.03)
    return {"knn": {"accuracy": [50.0 + better]}}


def test_what_is_published_counts_in_status(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 0
    said = capsys.readouterr().out.splitlines()
    place = next(i for i, line in enumerate(said) if line.startswith(f"{CHAPTER:<22} laptop     shapes "))
    assert said[place + 1] == f"  ready: {', '.join(AT_LAPTOP)}"
    assert said[place + 2].startswith(CHAPTER)


def test_status_of_a_claim_that_waits(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("anatomy.study.request.PUBLISHED", tmp_path / "nothing")
    of = study()
    for run in of.paper:
        if transform(run) == "mochi" and run.seed != 1:
            plant(of, run, seconds=600.0)
    at_once = of.request.machine.runs_at_once()
    assert main(["status"]) == 0
    said = capsys.readouterr().out
    assert "  ready: no claim\n" in said
    minutes = round(10 / at_once)
    assert f"  mixing-2 waits for 1 run, about {minutes} minute{'s' * (minutes > 1)}\n" in said
    assert f"  mixing-1 waits for 4 runs, about {round(40 / at_once)} minutes\n" in said
