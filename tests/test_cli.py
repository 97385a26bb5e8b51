"""The command line: each command once, each wrong input once (exit 2, one line, nothing written), and other ends."""

import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from anatomy import machine, presets, request, study, worker
from anatomy.cli import COMMANDS, main
from anatomy.record import published
from anatomy.store import Store
from tiny import Here, cards, one_line, train_here

TINY = "--method simco --temperature 0.1 --images 128 --epochs 1 --batch-size 32 --size 16 --width 4"
TINY += " --recorders hardness,scores --precision fp32"
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands train in this process; what worker processes add is in tests/test_sweep.py."""
    train_here(monkeypatch)


@pytest.fixture(autouse=True)
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of published records, instead of the repository's."""
    folder = tmp_path / "records"
    monkeypatch.setattr(request, "PUBLISHED", folder)
    return folder


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the finished smoke study."""
    folder = tmp_path_factory.mktemp("studied") / "runs"
    study.Study("dictionary_size", preset="smoke", store=str(folder)).train(executor=Here(), say=lambda text: None)
    return folder


@pytest.fixture
def finished(studied: Path, store: Path) -> Path:
    """The same as the store that commands find."""
    shutil.copytree(studied, store)
    return store


@pytest.fixture
def small_presets(monkeypatch: pytest.MonkeyPatch) -> None:
    """smoke and laptop: the hundreds of runs of the large ones take their time under the tests' type checks.

    Without these checks, all presets are asked in tests/test_study.py.
    """
    monkeypatch.setattr(presets, "PRESETS", {name: presets.PRESETS[name] for name in ("smoke", "laptop")})


def run(*more: str) -> int:
    return main(["run", *TINY.split(), *more])


def as_json(capfd: Said) -> Any:
    return json.loads(capfd.readouterr().out)


# --- each command


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

    monkeypatch.setattr("anatomy.sweep.train_one", late)
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


# --- wrong input


WRONG = {
    "command": ("runn", "unknown command 'runn'; did you mean run?"),
    "flag of no command": ("--verbose run", "unknown parameter 'verbose'"),
    "flag": (f"run {TINY} --epoch 3", "unknown parameter 'epoch'; did you mean epochs?"),
    "flag without a value": (f"run {TINY} --seed", "flag --seed lacks a value"),
    "flag without a value before another": (f"run {TINY} --seed --epochs 3", "flag --seed lacks a value"),
    "option without a value": (f"run {TINY} --temperature", "flag --temperature lacks a value"),
    "part without a value": (f"run {TINY} --recorders", "flag --recorders lacks a value"),
    "study's flag without a value": ("study dictionary_size --preset", "flag --preset lacks a value"),
    "grid without a value": ("study dictionary_size --batch-sizes", "flag --batch-sizes lacks a value"),
    "word that is no flag": (f"run {TINY} seed", "'seed' is no flag"),
    "method": (f"run {TINY} --method simclear", "unknown method 'simclear'; did you mean simclr?"),
    "loss": (f"run {TINY} --loss info_nse", "unknown loss 'info_nse'; did you mean info_nce?"),
    "loss of one's own that is not there": (f"run {TINY} --loss mine.py:f", "there is no file 'mine.py'"),
    "backbone": (f"run {TINY} --backbone resnet9", "unknown backbone 'resnet9'; did you mean resnet8?"),
    "recorder": (f"run {TINY} --recorders hardnes", "unknown recorder 'hardnes'; did you mean hardness?"),
    "measure": (f"run {TINY} --measures knnn", "unknown measure 'knnn'; did you mean knn?"),
    "data set": (f"run {TINY} --dataset shape", "'shape' is not embedded"),
    "option of another part": (f"run {TINY} --queue-size 3", "unknown parameter 'queue_size'"),
    "option left out": ("run --method simco", "needs a value for 'temperature'"),
    "epochs that overflow": (f"run {TINY} --epochs 1e400", "epochs is '1e400'"),
    "size that no tensor has": (f"run {TINY} --size {10**20}", "it must be less than 1000000000000"),
    "seed of too many bits": (f"run {TINY} --seed {2**63}", f"seed is '{2**63}'"),
    "temperature that underflows": (f"run {TINY} --temperature 1e-400", "temperature is '1e-400'"),
    "epochs zero": (f"run {TINY} --epochs 0", "epochs is '0', but it must be greater than or equal to 1"),
    "epochs negative": (f"run {TINY} --epochs -3", "epochs is '-3'"),
    "epochs no number": (f"run {TINY} --epochs many", "epochs is 'many'"),
    "epochs with a fraction": (f"run {TINY} --epochs 1.5", "epochs is '1.5'"),
    "batch larger than the set": (f"run {TINY} --batch-size 129", "batch_size is 129, but there are 128 images"),
    "batch zero": (f"run {TINY} --batch-size 0", "batch_size is '0'"),
    "images beyond the set": (f"run {TINY} --images 99999999", "images = 99999999"),
    "temperature zero": (f"run {TINY} --temperature 0", "temperature is '0', but it must be greater than 0"),
    "temperature negative": (f"run {TINY} --temperature -0.1", "temperature is '-0.1'"),
    "temperature no number": (f"run {TINY} --temperature hot", "temperature is 'hot'"),
    "temperature nan": (f"run {TINY} --temperature nan", "temperature is 'nan'"),
    "temperature infinite": (f"run {TINY} --temperature inf", "temperature is 'inf'"),
    "learning rate infinite": (f"run {TINY} --learning-rate inf", "learning_rate is 'inf'"),
    "warm-up over one": (f"run {TINY} --warmup 2", "warmup is '2'"),
    "seed no number": (f"run {TINY} --seed one", "seed is 'one'"),
    "seed negative": (f"run {TINY} --seed -1", "seed is '-1'"),
    "evaluation": (f"run {TINY} --evaluate-on train", "evaluate_on is 'train'"),
    "device": (f"run {TINY} --device tpu", "device is 'tpu', but it must be auto, cpu or cuda"),
    "precision": (f"run {TINY} --precision fp16", "invalid choice: 'fp16'"),
    "threads": (f"run {TINY} --threads 0", "threads is 0"),
    "threads that fill the machine": (f"run {TINY} --threads 100000", "threads is 100000, but it must be 1 to 1024"),
    "threads no number": (f"run {TINY} --threads two", "invalid int value: 'two'"),
    "data folder of nobody": (f"run {TINY} --data-root ~nobody_here/data", "there is no user 'nobody_here'"),
    "store of nobody": ("store list --store ~nobody_here/runs", "there is no user 'nobody_here'"),
    "loss of nobody": (f"run {TINY} --loss ~nobody_here/mine.py:f", "there is no user 'nobody_here'"),
    "data folder": (f"run {TINY} --dataset cifar10 --data-root /nonexistent", "/nonexistent is not a folder"),
    "data folder left out": (f"run {TINY} --dataset cifar10", "cifar10 needs data_root"),
    "chapter": ("study dictionary", "unknown chapter 'dictionary'; did you mean dictionary_size?"),
    "chapter left out": ("study", "the following arguments are required: chapter"),
    "preset": ("study dictionary_size --preset labtop", "preset is 'labtop'; did you mean laptop?"),
    "study's flag": ("study dictionary_size --preset smoke --time 9m", "unknown parameter 'time'"),
    "study's seeds": ("study dictionary_size --preset smoke --seeds a", "seeds is"),
    "study's time limit": ("study dictionary_size --preset smoke --time-limit soon", "time_limit is 'soon'"),
    "study's endless time": ("study dictionary_size --preset smoke --time-limit 1e400h", "must be a finite number"),
    "study's workers": ("study dictionary_size --preset smoke --workers 99999", "workers is '99999'"),
    "study's data folder": (
        "study dictionary_size --preset smoke --data-root ~nobody_here/data",
        "there is no user 'nobody_here'",
    ),
    "study's device": ("study dictionary_size --preset smoke --device tpu", "device is 'tpu'"),
    "nothing published": ("study dictionary_size --preset published", "nothing of dictionary_size is published"),
    "store action": ("store tidy", "invalid choice: 'tidy'"),
    "store action left out": ("store", "the following arguments are required: action"),
    "size that overflows": ("store prune --keep 1e400G", "keep is '1e400G'"),
    "size below nothing": ("store prune --keep=-1G", "keep is '-1G'"),
    "size to keep": ("store prune --keep much", "keep is 'much'"),
    "size to keep that overflows": ("store prune --keep inf", "keep is 'inf'"),
    "negative size to keep": ("store prune --keep=-1G", "keep is '-1G'"),
    "argument too many": ("claims please", "unknown argument 'please'"),
    "publish of what is not there": (
        "publish dictionary_size --preset smoke",
        "has no run of dictionary_size at smoke",
    ),
    "publish of an unknown preset": ("publish dictionary_size --preset small", "preset is 'small'"),
    "data without a folder": ("data cifar10", "cifar10 needs data_root"),
    "doctor's device": ("doctor --device tpu", "device is 'tpu'"),
}


def rejected(arguments: list[str], store: Path, capfd: Said) -> str:
    """The one line that a wrong input is answered with."""
    assert main(arguments) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert not store.exists()
    line = one_line(said.err)
    assert line.startswith("anatomy: ")
    return line


@pytest.mark.parametrize("what", WRONG)
def test_wrong_input(what: str, store: Path, capfd: Said, records: Path) -> None:
    arguments, sentence = WRONG[what]
    assert sentence in rejected(arguments.split(), store, capfd)
    assert not records.exists()


def archive(folder: Path, **changed: Any) -> Path:
    """A sound archive `mine.npz` of 60 and 20 images of 8 x 8 in 2 classes, with some arrays changed or left out."""
    arrays: dict[str, Any] = {}
    for split, count in {"train": 60, "test": 20}.items():
        drawn = np.random.Generator(np.random.PCG64(count)).integers(0, 256, (count, 8, 8, 3))
        arrays |= {f"{split}_images": drawn.astype(np.uint8), f"{split}_labels": np.arange(count) % 2}
    arrays = {name: value for name, value in (arrays | changed).items() if value is not None}
    np.savez(folder / "mine.npz", **arrays)
    return folder / "mine.npz"


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2000])


def text(path: Path) -> None:
    path.write_text("my holiday")


ARCHIVES: dict[str, tuple[dict[str, Any], Callable[[Path], None] | None, str]] = {
    "truncated": ({}, cut, "is damaged or cut short"),
    "no archive": ({}, text, "is no NumPy archive"),
    "pickled": ({"train_labels": np.array([{}] * 60, dtype=object)}, None, "is an array of Python objects"),
    "array missing": ({"test_labels": None}, None, "has no array test_labels"),
    "images float": ({"train_images": np.zeros((60, 8, 8, 3))}, None, "are float64; they must be uint8"),
    "images gray": ({"train_images": np.zeros((60, 8, 8), np.uint8)}, None, "it must be [N, H, W, 3]"),
    "images first": ({"train_images": np.zeros((60, 3, 8, 8), np.uint8)}, None, "it must be [N, H, W, 3]"),
    "labels too few": ({"train_labels": np.arange(59) % 2}, None, "it must be [60], one for each image"),
    "labels text": ({"train_labels": np.array(["a", "b"] * 30)}, None, "they must be integers"),
    "label out of range": ({"test_labels": np.full(20, 2)}, None, "contain 2; labels must be 0 to 1"),
    "label negative": ({"train_labels": np.arange(60) % 2 - 1}, None, "contain -1; labels must be 0 to"),
}


@pytest.mark.parametrize("what", ARCHIVES)
@pytest.mark.parametrize("command", [f"run {TINY} --images 50 --batch-size 25 --dataset mine", "data mine"])
def test_wrong_archive(what: str, command: str, store: Path, tmp_path: Path, capfd: Said) -> None:
    changed, spoil, sentence = ARCHIVES[what]
    path = archive(tmp_path, **changed)
    if spoil:
        spoil(path)
    line = rejected([*command.split(), "--data-root", str(tmp_path)], store, capfd)
    assert sentence in line
    assert str(path) in line


def test_archive_that_is_not_in_the_folder(store: Path, tmp_path: Path, capfd: Said) -> None:
    archive(tmp_path)
    line = rejected(["data", "mien", "--data-root", str(tmp_path)], store, capfd)
    assert "did you mean mine?" in line


@pytest.mark.parametrize("command", [f"run {TINY}", "study dictionary_size --preset smoke"])
def test_store_that_cannot_be_written(command: str, store: Path, tmp_path: Path, capfd: Said) -> None:
    (tmp_path / "file").write_text("mine")
    line = rejected([*command.split(), "--store", str(tmp_path / "file" / "runs")], store, capfd)
    assert "cannot be written" in line


def test_recorder_that_needs_what_the_method_lacks(store: Path, tmp_path: Path, capfd: Said) -> None:
    lines = ["class Nosy:", '    needs = ("weather",)', "    def __init__(self, *, often: int = 1) -> None: ..."]
    (tmp_path / "mine.py").write_text("\n".join(lines))
    line = rejected(["run", *TINY.split(), "--recorders", f"{tmp_path}/mine.py:nosy"], store, capfd)
    assert "needs weather, which method 'simco' does not have" in line


@pytest.mark.usefixtures("small_presets")
def test_damaged_published_record(store: Path, records: Path, capfd: Said) -> None:
    records.mkdir()
    (records / "abc.json").write_text("{")
    assert "abc.json cannot be used: it is not whole JSON" in rejected(["status"], store, capfd)


# --- other ends


def test_loss_that_is_no_number(store: Path, capfd: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anatomy.train.learning_rate", lambda run, step, steps: 1e30)
    assert run() == 1
    line = capfd.readouterr().err.splitlines()[-1]
    assert line.startswith("anatomy: 1 of 1 runs failed, first ")
    assert "became nan at step 1; the last good state is that after epoch 0; finished runs are kept" in line


def test_ctrl_c(store: Path, capfd: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*given: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("anatomy.cli.run.sweep", pressed)
    assert run() == 1
    assert one_line(capfd.readouterr().err).endswith("what was finished is kept, and the same command goes on")


@pytest.mark.parametrize("what", ["checkpoint", "record.json", "timings.json"])
def test_spoiled_file_does_not_stop_a_run(what: str, store: Path, capfd: Said) -> None:
    """Named, quarantined (timings are only made anew), and the run goes on to the same numbers."""
    assert run("--json") == 0
    first = json.loads(capfd.readouterr().out)
    folder = store / first["key"]
    path = store / what if what == "timings.json" else folder / what
    path.write_bytes(b"somebody else's")
    if what == "checkpoint":
        (folder / "record.json").unlink()
    assert run("--json") == 0
    said = capfd.readouterr()
    again = json.loads(said.out)
    assert again["tables"] == first["tables"]
    named = [line for line in said.err.splitlines() if "was quarantined as" in line]
    aside = list(folder.glob("*.damaged-*"))
    assert len(named) == len(aside) == (what != "timings.json")
    assert all(file.read_bytes() == b"somebody else's" for file in aside)
    assert all(str(path) in line for line in named)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB; mounting it needs root on Linux."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no command mount")
    if done.returncode:
        pytest.skip("no small file system may be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(file: Path) -> None:
    """Write until the file system is full."""
    with file.open("wb", buffering=0) as handle, suppress(OSError):
        while True:
            handle.write(bytes(4096))


def test_disk_that_is_full(small_disk: Path, capfd: Said) -> None:
    """A run finishes, the disk fills, the next run fails with one sentence; with room again it goes on."""
    store = small_disk / "runs"
    assert run("--store", str(store), "--json") == 0
    first = as_json(capfd)
    filler = small_disk / "filler"
    fill(filler)
    assert run("--store", str(store), "--seed", "1") == 1
    assert "No space left on device" in capfd.readouterr().err.splitlines()[-1]
    assert run("--store", str(store), "--json") == 0
    assert as_json(capfd) == first
    filler.unlink()
    assert run("--store", str(store), "--seed", "1", "--json") == 0
    assert as_json(capfd)["run"]["seed"] == 1
    assert list(store.rglob("*.part")) == []


@pytest.mark.slow
def test_as_a_program(store: Path, capfd: Said) -> None:
    """With a worker process: the same record as in this process, and nothing but JSON on stdout."""
    command = [sys.executable, "-m", "anatomy.cli", "run", *TINY.split(), "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "1 of 1 runs to train" in done.stderr
    there = json.loads(done.stdout)
    assert run("--json", "--store", str(store.parent / "other")) == 0
    here = as_json(capfd)
    assert (there["tables"], there["run"], there["key"]) == (here["tables"], here["run"], here["key"])
    wrong = subprocess.run([*command, "--epochs", "0"], capture_output=True, text=True)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "epochs is '0'" in one_line(wrong.stderr)
