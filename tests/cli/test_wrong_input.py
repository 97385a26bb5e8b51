"""Each wrong input once: exit 2, one line, nothing written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from commands import TINY, Said, archive, rejected

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
    "attack that needs labels": (
        f"run {TINY} --measures knn,robust_accuracy",
        "measure 'robust_accuracy' asks for the logits of labels, which method 'simco' does not learn; try probe_under",
    ),
    "data set": (f"run {TINY} --dataset shape", "'shape' is not embedded"),
    "option of another part": (f"run {TINY} --queue-size 3", "unknown parameter 'queue_size'"),
    "option left out": ("run --method simco", "needs a value for 'temperature'"),
    "epochs that overflow": (f"run {TINY} --epochs 1e400", "epochs is '1e400'"),
    "size that no tensor has": (f"run {TINY} --size {10**20}", "it must be less than 1000000000000"),
    "seed of too many bits": (f"run {TINY} --seed {2**63}", f"seed is '{2**63}'"),
    "temperature that underflows": (f"run {TINY} --temperature 1e-400", "temperature is '1e-400'"),
    "epochs negative": (f"run {TINY} --epochs -3", "epochs is '-3', but it must be greater than or equal to 0"),
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


@pytest.mark.parametrize("what", WRONG)
def test_wrong_input(what: str, store: Path, capfd: Said, records: Path) -> None:
    arguments, sentence = WRONG[what]
    assert sentence in rejected(arguments.split(), store, capfd)
    assert not records.exists()


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
