"""A study: its runs, their tables as a page wants them, and its parameters, right and wrong."""

import inspect
import json
import subprocess
import sys
from dataclasses import replace
from math import inf, isfinite, nan
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from anatomy import claims, studies
from anatomy.errors import InputError
from anatomy.storage.record import as_written, plain
from anatomy.storage.store import Store
from anatomy.storage.tables import tables_of
from anatomy.study import request as module
from anatomy.study.parameters import COMMON
from anatomy.study.study import Study
from anatomy.verdicts.render import as_json
from tiny import Here, one_line, train_here

CHAPTER = "dictionary_size"


def smoke(**given: Any) -> Study:
    return Study(CHAPTER, **{"preset": "smoke", **given})


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The smoke study, finished."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PUBLISHED", tmp_path_factory.mktemp("published"))
        study = smoke(store=str(tmp_path_factory.mktemp("store") / "runs"))
        study.train(executor=Here(), say=lambda text: None)
        assert study.published == {}
    return study


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of published records, empty."""
    folder = tmp_path / "records"
    folder.mkdir()
    monkeypatch.setattr(module, "PUBLISHED", folder)
    return folder


def publish(study: Study, folder: Path) -> None:
    for key, record in study.found.items():
        (folder / f"{key}.json").write_text(json.dumps(record))


def test_a_run_keeps_the_rules_of_its_chapter(trained: Study) -> None:
    for record in trained.found.values():
        assert record["provenance"]["rules"] == claims.rules(CHAPTER)


# --- tables


def test_every_run_is_found(trained: Study) -> None:
    assert len(trained.found) == len(trained.keys) == len(trained.runs) > 1
    assert list(trained.found) == trained.keys


def test_runs_table_has_a_row_a_run_and_its_settings(trained: Study) -> None:
    runs = trained.tables["runs"]
    assert list(runs["key"]) == trained.keys
    expected = ["seed", "method", "loss", "temperature", "temperature_inter", "batch_size", "epochs", "seconds"]
    assert set(expected) <= set(runs.columns)
    for run, (_, row) in zip(trained.runs, runs.iterrows(), strict=True):
        said = {name: row[name] for name, value in run.flat().items() if value is not None}
        assert said == {name: value for name, value in run.flat().items() if value is not None}
    two = runs["loss"] == "dual_temperature"
    assert (runs["temperature_inter"].notna() == two).all()
    assert set(two) == {True, False}


def test_every_other_table_is_long_with_the_settings_joined(trained: Study) -> None:
    tables, flat = trained.tables, {key: run.flat() for key, run in zip(trained.keys, trained.runs, strict=True)}
    assert set(tables) >= {"runs", "hardness", "scores", "loss", "knn", "hardness_grid", "identities"}
    for name in set(tables) - {"runs"}:
        for key, rows in tables[name].groupby("key"):
            own = trained.found[str(key)]["tables"][name]
            assert len(rows) == len(next(iter(own.values())))
            for column, values in own.items():
                assert rows[column].tolist() == values, (name, column)
            for setting in {"method", "loss", "batch_size", "seed", "epochs"} - own.keys():
                assert (rows[setting] == flat[str(key)][setting]).all(), (name, setting)
    epochs = tables["loss"].groupby("key")["epoch"].max()
    assert all(epochs[key] == flat[key]["epochs"] for key in trained.keys)


def test_a_tables_own_column_is_not_overwritten_by_a_setting(trained: Study) -> None:
    """The recorder's temperature is that at which W was evaluated, not that of the loss."""
    hardness = trained.tables["hardness"]
    assert set(hardness["temperature"]) == {0.1, 1.0}


def test_infinity_and_nan_in_a_table_are_numbers(trained: Study) -> None:
    key, record = next(iter(trained.found.items()))
    written = {**record, "tables": {"odd": {"step": [1, 2, 3], "value": [inf, -inf, nan], "name": ["inf", "a", "b"]}}}
    read = json.loads(json.dumps(plain(written), allow_nan=False))
    table = tables_of({key: read})["odd"]
    assert table["value"].dtype == float
    assert table["value"].tolist()[:2] == [inf, -inf]
    assert table["value"].isna().tolist() == [False, False, True]


def test_a_table_is_made_when_it_is_read_and_once(trained: Study) -> None:
    tables = tables_of(trained.found)
    assert "hardness" in tables
    assert "hardness" not in tables.made
    assert tables["hardness"] is tables["hardness"]
    assert "hardness" in tables.made
    assert "scores" not in tables.made
    with pytest.raises(KeyError, match="harndess"):
        tables["harndess"]


def test_no_runs_no_tables() -> None:
    assert dict(tables_of({})) == {}


def test_where_the_numbers_come_from(trained: Study) -> None:
    said = trained.provenance()
    assert said["runs_done"] == said["runs_asked"] == len(trained.keys)
    assert (said["preset"], said["dataset"], said["seeds"]) == ("smoke", "shapes", [0])
    assert said["precision"] == "fp32"
    assert said["seconds"] == sum(trained.tables["runs"]["seconds"])
    json.dumps(said)


def test_a_figure_names_the_networks_of_its_own_runs(trained: Study) -> None:
    first, second, *_ = trained.found
    pixels = {**trained.found[second], "run": {**trained.found[second]["run"], "backbone": {"pixels": {}}, "epochs": 0}}
    wide = {**trained.found[second], "run": {**trained.found[second]["run"], "backbone": {"resnet8": {"width": 24}}}}

    def networks(other: Any) -> object:
        evidence = replace(trained.evidence, found={first: trained.found[first], second: other})
        return evidence.provenance([first, second])["network"]

    assert networks(trained.found[second]) == networks(pixels) == "resnet8 width 8"
    assert networks(wide) == "resnet8 width 24, resnet8 width 8"
    assert replace(trained.evidence, found={second: wide}).provenance()["network"] == "resnet8 width 8"


def test_provenance_of_nothing(store: Path) -> None:
    assert smoke().provenance()["runs_done"] == 0


# --- the ledger


VERDICT = {"preset", "dataset", "network", "verdict", "estimate", "low", "high", "n", "needed", "note"}
VERDICT |= {"runs", "holm", "parts"}
CLAIM = {"id", "statement", "whose", "source", "kind", "attribution", "criteria", "min_preset", "rule", "parts"}
CLAIM |= {"demonstration", "demonstrations"}
CLAIM |= {"rule_commit", "rule_written", "first_run", "verdicts"}


def test_ledger_as_json(trained: Study) -> None:
    said = json.loads(as_json(trained.verdicts()))
    assert list(said) == ["claims"]
    rows = {row["id"]: row for row in said["claims"]}
    assert {"dictionary-1", "dictionary-2", "dictionary-3", "dictionary-13"} <= rows.keys()
    for row in rows.values():
        assert row.keys() == CLAIM
        assert row["whose"] in {"paper", "code", "ours"}
        for verdict in row["verdicts"]:
            assert verdict.keys() >= VERDICT, verdict
            assert set(verdict["runs"]) <= set(trained.keys)
            numbers = [verdict[name] for name in ("estimate", "low", "high")]
            assert all(n is None or isfinite(n) for n in numbers)
    (exact,) = rows["dictionary-1"]["verdicts"]
    assert exact["verdict"] == "holds"
    assert exact["runs"]


# --- parameters: right


def test_defaults_are_the_presets(store: Path) -> None:
    study = smoke()
    assert (study.dataset, study.seeds, study.request.machine.precision) == ("shapes", (0,), "fp32")
    assert study.store.root == store
    assert not store.exists()


@pytest.mark.parametrize("seeds", ["0,1,2", "[0, 1, 2]", "(0, 1, 2)", " 0 , 1,2 ", [0, 1, 2], (0, 1, 2), ["0", 1, 2.0]])
def test_lists_may_come_as_text(seeds: Any, store: Path) -> None:
    assert smoke(seeds=seeds).seeds == (0, 1, 2)


@pytest.mark.parametrize("seeds", [3, "3", "[3]", [3], 3.0])
def test_one_number_alone_is_a_list(seeds: Any, store: Path) -> None:
    assert smoke(seeds=seeds).seeds == (3,)


@pytest.mark.parametrize("nothing", ["", "[]", [], (), None])
def test_nothing_means_the_presets(nothing: Any, store: Path) -> None:
    assert smoke(seeds=nothing).keys == smoke().keys
    assert smoke(batch_sizes=nothing or ()).keys == smoke().keys


def test_empty_text_means_not_given(store: Path) -> None:
    blank = smoke(dataset="", data_root="", store="", device="", time_limit="", workers=0)
    assert blank.keys == smoke().keys
    assert (blank.request.time_limit, blank.request.workers) == (None, None)
    assert blank.request.machine == smoke().request.machine


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("90s", 90),
        ("9m", 540),
        ("1h", 3600),
        ("1.5H", 5400),
        ("30", 30),
        (30, 30),
        (2.5, 2.5),
        (" 9m ", 540),
        ("", None),
    ],
)
def test_time_limit(said: Any, seconds: float | None, store: Path) -> None:
    assert smoke(time_limit=said).request.time_limit == seconds


@pytest.mark.parametrize("workers", [0, "0", "", None])
def test_workers_nought_is_the_presets(workers: Any, store: Path) -> None:
    assert smoke(workers=workers).request.workers is None
    assert smoke(workers="2").request.workers == 2


def test_own_grid(store: Path) -> None:
    study = smoke(batch_sizes="32", temperature="0.2", temperature_inter="inf")
    assert {run.batch_size for run in study.runs} == {32}
    two = [run.loss.options for run in study.runs if run.loss.name == "dual_temperature"]
    assert {"temperature_intra": 0.2, "temperature_inter": inf} in two


def test_same_setting_same_key_however_it_is_written(store: Path) -> None:
    assert smoke(temperature=0.1, seeds="0").keys == smoke(temperature="0.1", seeds=[0]).keys == smoke().keys
    assert not set(smoke(seeds="1").keys) & set(smoke().keys)
    assert smoke(seeds="0,0").keys == smoke().keys


def test_study_needs_no_torch() -> None:
    for chapter in studies.names():
        assert "torch" not in inspect.getsource(studies.load(chapter))


# --- parameters: wrong


WRONG = {
    "unknown name": ({"temprature": 0.1}, "unknown parameter 'temprature'; did you mean temperature"),
    "name of a run's field": ({"epochs": 3}, "unknown parameter 'epochs'"),
    "preset": ({"preset": "labtop"}, "preset is 'labtop'; did you mean laptop"),
    "preset's type": ({"preset": ["smoke"]}, "preset is"),
    "data set": ({"dataset": "cifar11", "data_root": "/nonexistent"}, "is not a folder"),
    "data set without a folder": ({"dataset": "cifar11"}, "'cifar11' is not embedded"),
    "data set's type": ({"dataset": ["cifar10"]}, "dataset is ["),
    "records": ({"records": "yes"}, "records is 'yes'; known: compare, ignore, use"),
    "seed no number": ({"seeds": "0,x"}, "seeds is"),
    "seed negative": ({"seeds": "-1"}, "seeds is"),
    "seed with a fraction": ({"seeds": [0.5]}, "seeds is"),
    "seed true": ({"seeds": True}, "seeds is"),
    "time limit": ({"time_limit": "soon"}, "time_limit is 'soon', but it must be a time such as 90s, 9m or 1h"),
    "time limit's unit": ({"time_limit": "9x"}, "time_limit is '9x', but it must be a time"),
    "time limit negative": ({"time_limit": "-9m"}, "time_limit is"),
    "time limit zero": ({"time_limit": 0}, "time_limit is 0"),
    "time limit endless": ({"time_limit": "inf"}, "time_limit is 'inf'"),
    "workers negative": ({"workers": -1}, "workers is -1"),
    "workers no number": ({"workers": "many"}, "workers is 'many'"),
    "temperature zero": ({"temperature": 0}, "temperature is 0, but it must be greater than 0"),
    "temperature negative": ({"temperature": -0.1}, "temperature is -0.1"),
    "temperature no number": ({"temperature": "hot"}, "temperature is 'hot'"),
    "temperature nan": ({"temperature": nan}, "temperature is nan"),
    "temperature infinite": ({"temperature": "inf"}, "temperature is 'inf'"),
    "second temperature nan": ({"temperature_inter": nan}, "temperature_inter is nan"),
    "batch size zero": ({"batch_sizes": "0"}, "batch_sizes is"),
    "batch size no number": ({"batch_sizes": "64,many"}, "batch_sizes is"),
    "store's type": ({"store": ["runs"]}, "store is ["),
    "device's type": ({"device": ["cpu"]}, "device is ["),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_parameter_is_one_sentence_and_writes_nothing(what: str, store: Path) -> None:
    given, said = WRONG[what]
    with pytest.raises(InputError) as rejected:
        smoke(**given)
    assert one_line(str(rejected.value)).startswith(said) or said in str(rejected.value)
    assert not store.exists()


def test_unknown_chapter(store: Path) -> None:
    with pytest.raises(InputError, match="unknown chapter 'dictionary'.*did you mean dictionary_size"):
        Study("dictionary")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"batch_sizes": "1000"}, "batch_size is 1000, but there are 320 images of shapes"),
        ({"device": "tpu"}, "device is 'tpu', but it must be auto, cpu or cuda"),
    ],
)
def test_what_only_training_can_reject(given: dict[str, Any], said: str, store: Path) -> None:
    with pytest.raises(InputError, match=said):
        smoke(**given).train(executor=Here())
    assert not store.exists()


def test_store_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("mine")
    train_here(monkeypatch)
    with pytest.raises(InputError, match="cannot be written"):
        smoke(store=str(tmp_path / "file")).train()


# --- published records


def test_use_trains_nothing_and_needs_no_store(trained: Study, published: Path, store: Path) -> None:
    study = smoke(records="use")
    assert study.train().left == []
    assert study.found == {}
    publish(trained, published)
    study = smoke(records="use")
    assert list(study.found) == trained.keys
    pd.testing.assert_frame_equal(study.tables["scores"], trained.tables["scores"])
    assert not store.exists()


def test_compare_shows_the_own_runs_beside_the_published(trained: Study, published: Path, store: Path) -> None:
    publish(trained, published)
    study = smoke(records="compare")
    assert study.found == {}
    assert list(study.published) == sorted(trained.keys)
    assert smoke(records="ignore").published == {}


def test_preset_published_is_the_largest_that_is_there(trained: Study, published: Path, store: Path) -> None:
    with pytest.raises(InputError, match="nothing of dictionary_size is published.*try the preset laptop"):
        Study(CHAPTER, preset="published")
    publish(trained, published)
    study = Study(CHAPTER, preset="published")
    assert (study.preset.name, study.request.records, list(study.found)) == ("smoke", "use", trained.keys)
    assert not store.exists()


def test_the_same_runs_as_published(trained: Study, published: Path, store: Path) -> None:
    assert smoke(store=str(trained.store.root)).as_published() is None
    publish(trained, published)
    twin = smoke(store=str(store)).as_published()
    assert twin is not None
    assert list(twin.found) == trained.keys
    assert twin.tables["knn"].equals(trained.tables["knn"])
    assert smoke(seeds="7").as_published() is None  # other runs are no twin


def test_the_study_with_every_arm(trained: Study, published: Path) -> None:
    """Itself where its preset has every arm, else the largest published, else itself (or an earlier one: see
    test_archive)."""
    overnight = Study(CHAPTER, preset="overnight")
    assert overnight.with_every_arm() is overnight
    assert trained.with_every_arm() is trained
    run = overnight.paper[0]
    record = {**next(iter(trained.found.values())), "key": overnight.key(run), "run": run.content()}
    (published / f"{overnight.key(run)}.json").write_bytes(as_written(record))
    found = smoke().with_every_arm()
    assert (found.preset.name, found.request.records, list(found.found)) == ("overnight", "use", [overnight.key(run)])


def test_with_every_arm_tells_of_a_damaged_record(trained: Study, published: Path) -> None:
    """And does not fall back in silence, as where nothing is published."""
    publish(trained, published)
    (published / f"{trained.keys[0]}.json").write_text("{")
    with pytest.raises(InputError, match=f"{trained.keys[0]}.json cannot be used"):
        smoke().with_every_arm()


def test_damaged_published_record_is_named(trained: Study, published: Path, store: Path) -> None:
    publish(trained, published)
    (published / f"{trained.keys[0]}.json").write_text("{")
    with pytest.raises(InputError, match=f"{trained.keys[0]}.json cannot be used"):
        _ = smoke().published


# --- torch


READERS = """
import sys
from anatomy.cli import main
for command in (["claims"], ["status"], ["store", "list"], ["store", "prune"], ["--help"],
                ["run", "--method", "nothing"]):
    try:
        main(command)
    except SystemExit:
        pass
    assert "torch" not in sys.modules, command
from anatomy.study.study import Study
study = Study("dictionary_size", preset="smoke", records="use")
study.train(), study.tables, study.verdicts()
assert "torch" not in sys.modules
"""


def test_who_reads_imports_no_torch(trained: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANATOMY_STORE", str(trained.store.root))
    done = subprocess.run([sys.executable, "-c", READERS], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "dictionary-1" in done.stdout


def test_common_parameters_are_the_documented_ones() -> None:
    names = "preset dataset data_root seeds device store records time_limit workers cluster"
    assert list(COMMON) == names.split()


def test_a_store_of_another_study_is_not_mixed_in(trained: Study) -> None:
    other = Study(CHAPTER, preset="smoke", store=str(trained.store.root), seeds="7")
    assert other.found == {}
    assert len(Store(trained.store.root).keys()) == len(trained.keys)
