"""tools/evidence.py: which runs it would train, and in which order."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from evidence import asked, of_seeds, pilots, rungs, setting

from anatomy.errors import InputError
from anatomy.study.study import Study
from anatomy.study.waiting import needs

TOOLS = Path(__file__).resolve().parents[1] / "tools"
CHAPTER, OPTIONS = "score_visualization", {"preset": "overnight"}
NOTHING_PUBLISHED = {**OPTIONS, "records": "ignore"}  # what is asked for whatever records/ has


def test_all_of_a_seed_come_before_the_next(store: Path) -> None:
    runs = asked(CHAPTER, NOTHING_PUBLISHED, []).values()
    seeds = [run.seed for run in runs if run.seed >= 10 and run.evaluate_on == "test"]
    assert seeds == sorted(seeds)
    assert len({*seeds}) > 1
    assert any(a == b for a, b in pairwise(seeds))


def test_what_is_published_is_not_asked_for(store: Path) -> None:
    study = Study("dictionary_size", **OPTIONS)
    lacking = {key for runs in needs(study).values() for key in runs} - study.published.keys()
    assert {*asked("dictionary_size", OPTIONS, [])} == lacking


def test_only_what_a_claim_reads(store: Path) -> None:
    study = Study(CHAPTER, **OPTIONS)
    found = asked(CHAPTER, OPTIONS, ["mixing-2", "mixing-5"])
    assert {*found} == {*needs(study)["mixing-2"], *needs(study)["mixing-5"]} - study.published.keys()


def test_only_some_seeds(store: Path) -> None:
    runs = rungs(CHAPTER, NOTHING_PUBLISHED, ["mixing-4"])
    assert of_seeds(runs, ()) == runs
    some = of_seeds(runs, (12, 11))
    assert some == {key: run for key, run in runs.items() if run.seed in (11, 12)}
    assert {run.seed for run in some.values()} == {11, 12}
    with pytest.raises(InputError, match="no run that is lacking has the seed 9; known: .*12"):
        of_seeds(runs, (12, 9))


def test_the_ladder(store: Path) -> None:
    found = rungs(CHAPTER, NOTHING_PUBLISHED, ["mixing-4"])
    preset = Study(CHAPTER, **OPTIONS).preset
    assert {run.epochs for run in found.values()} == {*preset.rungs} - {preset.run["epochs"]}
    assert {run.transform.name for run in found.values()} == {"none", "mochi"}


def test_the_pilot_has_seeds_and_images_of_its_own(store: Path) -> None:
    found = pilots(CHAPTER, OPTIONS, ["mixing-4"]).values()
    assert {run.seed for run in found} == {2000, 2001, 2002}
    assert {run.evaluate_on for run in found} == {"held_out"}
    read = {setting(run) for run in needs(Study(CHAPTER, **OPTIONS))["mixing-4"].values()}
    assert {setting(run) for run in found} == read


@pytest.mark.parametrize(("which", "id"), [(asked, "mixing-9"), (pilots, "dictionary-3"), (rungs, "mixing-1")])
def test_a_claim_that_asks_for_nothing(which: object, id: str, store: Path) -> None:
    with pytest.raises(InputError, match=f"claim '{id}' asks for no run here; (did you mean|known:)"):
        which(CHAPTER, OPTIONS, [id])  # type: ignore[operator]


def test_wrong_input_is_one_sentence(store: Path) -> None:
    assert "error: claim 'mixing-9' asks for no run here; did you mean mixing-6?" in refused(
        store, "--claims", "mixing-9"
    )
    assert "no run that is lacking has the seed 9" in refused(store, "--seeds", "9")
    assert "seeds" in refused(store, "--seeds", "twelve")


def refused(store: Path, *words: str) -> str:
    """What the tool says of wrong words, when it has written nothing."""
    command = [sys.executable, TOOLS / "evidence.py", CHAPTER, "--store", store, *words]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (said.returncode, store.exists()) == (2, False)
    assert "Traceback" not in said.stderr
    return said.stderr
