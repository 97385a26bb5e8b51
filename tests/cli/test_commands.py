"""Each command once."""

import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from anatomy.cli import COMMANDS, main
from anatomy.cli import publish as cli_publish
from anatomy.cli.known import datasets
from anatomy.hardware import machine
from anatomy.scheduling import worker
from anatomy.storage.record import published
from anatomy.storage.store import Store
from anatomy.study import presets, study
from commands import TINY, Said, archive, as_json, run
from tiny import cards, one_line


def test_run_says_what_it_measured(store: Path, capfd: Said) -> None:
    assert run() == 0
    said = capfd.readouterr()
    lines = said.out.splitlines()
    (key,) = Store().keys()
    assert re.fullmatch(rf"run {key} \(\d+ s in fp32 on 1 thread\) in {store}/{key}", lines[0])
    assert {line.split(":")[0].strip() for line in lines[1:]} == {"hardness", "scores", "loss", "knn"}
    assert "1 of 1 runs to train" in one_line(said.err)


def test_run_as_json_and_again_from_the_store(store: Path, capfd: Said) -> None:
    assert run("--json") == 0
    first = as_json(capfd)
    assert {"key", "run", "tables", "provenance"} <= first.keys()
    assert first["run"]["epochs"] == 1
    assert first["tables"]["loss"]["epoch"] == [1]
    assert first["provenance"]["rules"]
    assert run("--json") == 0
    again = capfd.readouterr()
    assert json.loads(again.out) == first
    assert again.err == ""


def test_run_with_an_option_written_in_full(store: Path, capfd: Said) -> None:
    command = [word.replace("--temperature", "--loss.temperature") for word in TINY.split()]
    assert main(["run", *command, "--json", "--backbone.stem-stride=1"]) == 0
    assert as_json(capfd)["run"]["backbone"] == {"resnet8": {"stem_stride": 1, "width": 4}}


def test_run_in_a_store_named_by_hand(store: Path, tmp_path: Path, capfd: Said) -> None:
    assert run("--store", str(tmp_path / "mine"), "--seed", "3") == 0
    assert len(Store(tmp_path / "mine").keys()) == 1
    assert not store.exists()


def test_run_of_ones_own_loss(store: Path, tmp_path: Path, capfd: Said) -> None:
    (tmp_path / "mine.py").write_text(
        "from anatomy.quantities import Positive, Temperature\n"
        "def my_loss(positive, negatives, *, temperature: Temperature, weight: Positive = 1.0):\n"
        "    return -weight * positive / temperature\n"
    )
    assert run("--loss", f"{tmp_path}/mine.py:my_loss", "--weight", "2", "--json") == 0
    assert as_json(capfd)["run"]["loss"] == {f"{tmp_path}/mine.py:my_loss": {"temperature": 0.1, "weight": 2.0}}


def test_data_says_what_is_not_as_it_seems(tmp_path: Path, capfd: Said) -> None:
    """Names that an ASCII terminal cannot show, a link to nothing, and 12 bits of 16."""
    values = np.random.default_rng(0).integers(0, 4096, (20, 32, 32)).astype(np.uint16)
    for i, image in enumerate(values):
        path = tmp_path / "mine" / "train" / ("K\u00e4fer", "V\u00f6gel")[i % 2] / f"{i}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(path)
    (path.parent / "20.png").symlink_to("/nonexistent")
    assert main(["data", "mine", "--data-root", str(tmp_path), "--json"]) == 0
    notes = as_json(capfd)["notes"]
    assert [note.split(" (")[0].split(" and use")[0] for note in notes] == [
        "no test/ or val/, so 2 of 20 images are held out as test images",
        f"1 of 21 files of {tmp_path / 'mine'} are left out",
        "20 images have more than 8 bits",
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", io.TextIOWrapper(out := io.BytesIO(), encoding="ascii", write_through=True))
        assert main(["data", "mine", "--data-root", str(tmp_path)]) == 0
        lines = out.getvalue().decode().splitlines()
    assert r"classes  ['K\xe4fer', 'V\xf6gel']" in lines
    assert lines[-3:] == [f"note     {note.encode('ascii', 'backslashreplace').decode()}" for note in notes]


def test_study_prints_verdicts(store: Path, capfd: Said) -> None:
    command = ["study", "dictionary_size", "--preset", "smoke", "--batch-sizes", "64", "--time-limit", "9m"]
    assert main(command) == 0
    assert "dictionary-1 " in capfd.readouterr().out
    assert main([*command, "--json"]) == 0
    assert "dictionary-1" in [claim["id"] for claim in as_json(capfd)["claims"]]


def test_study_that_the_time_limit_ends(store: Path, monkeypatch: pytest.MonkeyPatch, capfd: Said) -> None:
    def late(task: worker.Task) -> str:
        raise TimeoutError("stopped by the time limit")

    monkeypatch.setattr("anatomy.scheduling.sweep.train_one", late)
    assert main(["study", "dictionary_size", "--preset", "smoke", "--time-limit", "1m"]) == 0
    assert capfd.readouterr().err.splitlines()[-1].endswith("runs are left; the same command goes on")


@pytest.mark.usefixtures("small_presets")
def test_status_counts(finished: Path, capfd: Said) -> None:
    assert main(["status", "--store", str(finished / "empty")]) == 0
    before = capfd.readouterr().out
    assert main(["status"]) == 0
    line = next(line for line in capfd.readouterr().out.splitlines() if " smoke " in line)
    count = len(study.Study("dictionary_size", preset="smoke").keys)
    assert f"{count} of {count} runs in the store, 0 published" in line
    assert f"0 of {count} runs in the store" in before


def test_store_list_verify_and_prune(store: Path, capfd: Said) -> None:
    assert main(["store", "list"]) == 0
    assert capfd.readouterr().out == "the store is empty\n"
    run()
    (key,) = Store().keys()
    capfd.readouterr()
    assert main(["store", "list"]) == 0
    assert one_line(capfd.readouterr().out).startswith(f"{key}  finished, ")
    assert main(["store", "verify", "--json"]) == 0
    (row,) = as_json(capfd)
    assert row["key"] == key
    assert "without weights" not in row["state"]
    assert main(["store", "prune", "--keep", "1K"]) == 0
    assert capfd.readouterr().out == f"deleted {key}/checkpoint\n"
    assert main(["store", "verify"]) == 0
    assert one_line(capfd.readouterr().out).endswith("without weights")


def test_store_verify_names_what_is_damaged(store: Path, capfd: Said) -> None:
    run()
    (key,) = Store().keys()
    record = store / key / "record.json"
    record.write_text(record.read_text().replace("hardness", "hardmess"))
    capfd.readouterr()
    assert main(["store", "verify"]) == 1
    assert one_line(capfd.readouterr().out) == f"{key}  damaged: record.json: its content is not what was written"
    assert main(["store", "list", "--json"]) == 1
    assert as_json(capfd) == [
        {"key": key, "state": "", "damaged": ["record.json: its content is not what was written"]}
    ]


def test_store_lists_a_run_on_its_way(store: Path, capfd: Said) -> None:
    with Store().lock("abc"):
        Store().save_progress("abc", 1, 4)
    assert main(["store", "list"]) == 0
    assert capfd.readouterr().out == "abc  25 % done\n"


def test_run_that_was_made_otherwise(store: Path, capfd: Said) -> None:
    """Non-regression: bf16 was asked for, the run in fp32 was found, and nothing was said."""
    assert run() == 0
    (key,) = Store().keys()
    assert "s in fp32 on 1 thread)" in capfd.readouterr().out
    assert run("--precision", "bf16", "--threads", "2", "--json") == 0
    said = capfd.readouterr()
    assert json.loads(said.out)["provenance"]["precision"] == "fp32"
    assert one_line(said.err) == (
        f"run {key} was made in fp32 and on 1 thread, but asked for in bf16 and on 2 threads; "
        "used as it is; another --store trains it anew."
    )
    assert run("--precision", "auto") == 0
    said = capfd.readouterr()
    assert said.err == ""
    assert "s in fp32 on 1 thread)" in said.out


def test_study_whose_runs_were_made_otherwise(finished: Path, capfd: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line for all of them."""
    monkeypatch.setitem(presets.PRESETS, "smoke", replace(presets.PRESETS["smoke"], precision="bf16"))
    assert main(["study", "dictionary_size", "--preset", "smoke"]) == 0
    count = len(Store().keys())
    assert one_line(capfd.readouterr().err).startswith(f"{count} of {count} runs, first ")


def test_flag_without_a_value_is_a_yes(store: Path, capfd: Said) -> None:
    """Non-regression: `--symmetric --momentum 0.99` said that 0.99 is no flag."""
    moco = [word.replace("simco", "mocov2") for word in TINY.split()]
    assert main(["run", *moco, "--symmetric", "--momentum", "0.5", "--queue-size", "64", "--json"]) == 0
    assert as_json(capfd)["run"]["method"] == {"mocov2": {"momentum": 0.5, "queue_size": 64, "symmetric": True}}
    assert main(["run", *moco, "--momentum", "0.5", "--queue-size", "64", "--json", "--method.symmetric"]) == 0
    assert len(Store().keys()) == 1


@pytest.fixture
def read_only(finished: Path) -> Iterator[Path]:
    """The finished store, with one damaged record, where nothing can be written; for root too, where it can be."""
    key = study.Study("dictionary_size", preset="smoke").keys[0]
    path = finished / key / "record.json"
    path.write_bytes(path.read_bytes()[:100])
    folders = [finished, *(folder for folder in finished.iterdir() if folder.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    bound = subprocess.run(["mount", "--bind", "-o", "ro", finished, finished], capture_output=True)
    yield path
    if bound.returncode == 0:
        subprocess.run(["umount", finished], check=True)
    for folder in folders:
        folder.chmod(0o755)


@pytest.mark.usefixtures("small_presets")
@pytest.mark.parametrize("command", ["status", "claims", "store list", "store verify", "publish"])
def test_damaged_record_in_a_store_that_is_only_read(
    command: str, read_only: Path, capfd: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Non-regression: it was to be quarantined, and the command ended with 'Permission denied'."""
    as_laptop(monkeypatch)
    before = sorted(file.name for file in read_only.parent.iterdir())
    words = ["publish", "dictionary_size", "--preset", "smoke"] if command == "publish" else command.split()
    assert main(words) == (1 if command.startswith("store") else 0)
    said, key = capfd.readouterr(), read_only.parent.name
    if command.startswith("store"):
        assert f"{key}  damaged: record.json: it is not whole JSON" in said.out.splitlines()
        assert said.err == ""
    else:
        assert one_line(said.err) == (
            f"{read_only} cannot be used: it is not whole JSON; training its run quarantines it."
        )
    if command == "publish":
        assert said.out.startswith("3 of 4 runs published")
    assert sorted(file.name for file in read_only.parent.iterdir()) == before


@pytest.mark.parametrize("command", ["status", "claims", "store list", "store verify", "store prune", "doctor"])
def test_store_that_is_a_file(command: str, tmp_path: Path, capfd: Said) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    assert main([*command.split(), "--store", str(file)]) == 2
    assert f"{file} is a file; set ANATOMY_STORE or --store to a folder" in one_line(capfd.readouterr().err)
    assert file.read_text() == "mine"


@pytest.mark.usefixtures("small_presets")
def test_claims_of_an_empty_store(store: Path, capfd: Said) -> None:
    assert main(["claims", "--json"]) == 0
    claims = as_json(capfd)["claims"]
    assert all(claim["verdicts"] == [] for claim in claims)
    assert not store.exists()


def as_laptop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Smoke numbers are not results and stand in no ledger; here they pass for those of the laptop preset."""
    monkeypatch.setitem(presets.PRESETS, "laptop", replace(presets.PRESETS["smoke"], name="laptop"))


def verdicts(capfd: Said) -> dict[str, list[str]]:
    """The words of each claim's verdicts."""
    assert main(["claims", "--json"]) == 0
    return {c["id"]: [v["verdict"] for v in c["verdicts"]] for c in as_json(capfd)["claims"]}


@pytest.mark.usefixtures("small_presets")
def test_claims_judge_what_the_store_holds(finished: Path, capfd: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    assert verdicts(capfd)["dictionary-1"] == []
    as_laptop(monkeypatch)
    assert verdicts(capfd)["dictionary-1"] == ["holds"]
    assert main(["claims"]) == 0
    assert "dictionary-1 " in capfd.readouterr().out


@pytest.mark.usefixtures("small_presets")
def test_publish_copies_records_without_weights(
    finished: Path, records: Path, capfd: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["publish", "dictionary_size", "--preset", "smoke"]) == 0
    keys = study.Study("dictionary_size", preset="smoke").keys
    assert one_line(capfd.readouterr().out).startswith(f"{len(keys)} of {len(keys)} runs published in ")
    assert sorted(file.name for file in records.iterdir()) == sorted(f"{key}.json" for key in keys)
    assert all(file.stat().st_size < 100_000 for file in records.iterdir())
    record = study.Study("dictionary_size", preset="smoke").store.record(keys[0])
    assert record is not None
    (shown, exact) = (rows["tables"]["scores"]["positive"] for rows in (published(records)[keys[0]], record))
    assert shown == pytest.approx(exact, rel=1e-5)
    assert all(len(repr(value).lstrip("-0.")) <= 6 for value in shown)
    as_laptop(monkeypatch)
    monkeypatch.setenv("ANATOMY_STORE", str(finished / "empty"))
    assert verdicts(capfd)["dictionary-1"] == ["holds"]


PUBLISH = ["publish", "dictionary_size", "--preset", "smoke"]


@pytest.mark.usefixtures("small_presets")
def test_publish_puts_runs_of_another_kind_of_processor_beside(finished: Path, records: Path, capfd: Said) -> None:
    """Each run judges once: that which was published first, whatever the second says."""
    assert main(PUBLISH) == 0
    first = {file.name: file.read_bytes() for file in records.iterdir()}
    moved, kept = [study.Study("dictionary_size", preset="smoke").keys[place] for place in (0, 1)]
    record = study.Study("dictionary_size", preset="smoke").store.record(moved)
    assert record is not None
    record["provenance"]["device"] = "NVIDIA H100 80GB HBM3"
    Store(str(finished)).save_record(moved, record)
    capfd.readouterr()
    assert main(PUBLISH) == 0
    said = capfd.readouterr().out.splitlines()
    assert said[0].startswith("4 of 4 runs published in ")
    assert said[1] == (
        "1 of them in other-processors/h100-fp32, to be compared and not judged: published before from another kind"
    )
    assert {file.name: file.read_bytes() for file in records.iterdir() if file.is_file()} == first
    assert [file.name for file in (records / "other-processors" / "h100-fp32").iterdir()] == [f"{moved}.json"]
    assert list(published(records)) == sorted(key.removesuffix(".json") for key in first)
    assert kept in published(records)


@pytest.mark.usefixtures("small_presets")
def test_publish_says_which_claims_wait(finished: Path, records: Path, capfd: Said) -> None:
    """Of the claims that need no larger preset: dictionary-1 is judged on what is there, until it is not."""
    asked = study.Study("dictionary_size", preset="smoke")
    assert cli_publish.not_judged(asked) == [
        "dictionary-1 (no 'identities' in the tables)", "dictionary-13 (no 'identities' in the tables)",
    ]  # fmt: skip
    assert main(PUBLISH) == 0
    assert "not judged yet" not in capfd.readouterr().out
    for key in asked.keys[1:]:  # the first has the identities
        (records / f"{key}.json").unlink()
    shutil.rmtree(finished / asked.keys[0])
    (records / f"{asked.keys[0]}.json").unlink()
    assert main(PUBLISH) == 0
    assert capfd.readouterr().out.splitlines()[-1].startswith("not judged yet: dictionary-1 (no 'identities'")


def test_doctor(store: Path, capfd: Said) -> None:
    assert main(["doctor", "--json"]) == 0
    facts = as_json(capfd)
    named = {"python", "torch", "device", "cpu", "precision", "threads", "store", "disk", "browser", "commit"}
    assert named <= facts.keys()
    assert facts["precision"].startswith(("fp32 (", "bf16 ("))
    assert str(store) in facts["store"]
    assert not store.exists()


@pytest.mark.parametrize(
    ("device", "named", "workers"), [("auto", "Card 0", 1), ("cuda:1", "Card 1 (cuda:1)", 1), ("cpu", "cpu", 16)]
)
def test_doctor_says_what_a_study_will_do(
    device: str, named: str, workers: int, store: Path, capfd: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards(2, monkeypatch)
    monkeypatch.setattr(machine, "cores", lambda: 16)
    monkeypatch.setattr("anatomy.cli.doctor.precision_here", lambda found: found.device)
    assert main(["doctor", "--device", device, "--json"]) == 0
    facts = as_json(capfd)
    assert facts["device"] == named
    assert facts["threads"] == f"1 a run; runs at a time: {workers}"


def test_data(capfd: Said, tmp_path: Path) -> None:
    assert main(["data", "shapes", "--json"]) == 0
    facts = as_json(capfd)
    assert facts["train"][1:] == [32, 32, 3]
    assert len(facts["classes"]) == 10
    archive(tmp_path)
    assert main(["data", "mine", "--data-root", str(tmp_path)]) == 0
    assert "[60, 8, 8, 3]" in capfd.readouterr().out


def test_run_on_an_archive(store: Path, tmp_path: Path, capfd: Said) -> None:
    archive(tmp_path)
    given = ["--dataset", "mine", "--data-root", str(tmp_path), "--images", "50", "--batch-size", "25", "--size", "8"]
    assert run(*given, "--json") == 0
    assert as_json(capfd)["run"]["dataset"] == "mine"


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help(command: str, capfd: Said) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*([command] if command else []), "--help"])
    assert ended.value.code == 0
    said = capfd.readouterr().out
    assert said.startswith("usage: anatomy")
    assert {"run": "--batch-size", "study": "--time-limit"}.get(command, "") in said


def test_alone_it_shows_its_help(capfd: Said) -> None:
    assert main([]) == 0
    assert "doctor" in capfd.readouterr().out


def test_a_chapter_is_looked_for_on_the_images_of_its_own_runs() -> None:
    def record(dataset: str, *rules: str) -> Any:
        run = {} if dataset == "shapes" else {"dataset": dataset}  # the default is not written
        return {"run": run, "provenance": {"rules": dict.fromkeys(rules, "digest")}}

    records = [record("cifar10", "robust-1"), record("cifar100", "mixing-2"), record("shapes")]
    assert datasets("robustness", records) == {"cifar10", "shapes"}
    assert datasets("score_visualization", records) == {"cifar100", "shapes"}
