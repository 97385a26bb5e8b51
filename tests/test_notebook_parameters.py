"""A notebook's parameters: what is unknown or invalid writes nothing, and the last line printed is our sentence."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from anatomy.errors import InputError, RunFailed
from anatomy.notebook import open_study
from anatomy.study import parameters
from anatomy.study import study as module
from tiny import one_line, train_here

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "notebooks" / "dictionary_size.ipynb"


def cell() -> dict[str, Any]:
    """The names of the notebook's parameters cell, as its kernel has them."""
    cells = json.loads(NOTEBOOK.read_text())["cells"]
    (source,) = ["".join(c["source"]) for c in cells if "parameters" in c["metadata"].get("tags", [])]
    namespace: dict[str, Any] = {}
    exec(source, namespace)  # noqa: S102
    return namespace


def asked(**changed: Any) -> dict[str, Any]:
    """The cell's names at the smoke preset, records ignored, with some of them injected by papermill."""
    return cell() | {"preset": "smoke", "records": "ignore"} | changed


@pytest.fixture
def untrained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Studies are opened, not trained."""
    monkeypatch.setattr(module.Study, "train", lambda self: None)


# --- in the kernel


def test_the_committed_parameters_are_lawful(store: Path, untrained: None) -> None:
    study = open_study("dictionary_size", cell())
    assert study.preset.name == "smoke"
    assert (study.dataset, study.seeds, study.request.time_limit, study.request.workers) == ("shapes", (0,), None, None)
    assert study.store.root == store


def test_the_notebook_names_every_parameter(untrained: None) -> None:
    known = {*parameters.COMMON, *parameters.grid_options("dictionary_size")}
    assert {name for name in cell() if name[0] != "_"} <= known
    assert set(parameters.COMMON) <= set(cell())


def test_what_a_kernel_and_the_imports_leave_is_no_parameter(store: Path, untrained: None) -> None:
    beside = {"In": ["", "1"], "Out": {}, "_i1": "preset", "_": "", "__name__": "__main__", "json": json, "cell": cell}
    assert open_study("dictionary_size", asked() | beside).preset.name == "smoke"


def test_the_cell_may_be_run_again(store: Path, untrained: None) -> None:
    """After the whole page was run, its kernel holds what later cells made."""
    namespace = asked()
    first = open_study("dictionary_size", namespace)
    namespace |= {"study": first, "tables": {}, "by": ["arm"], "own": {"one": 0.1}, "row": 3, "temperature": 0.2}
    again = open_study("dictionary_size", namespace)
    assert again.grid["temperature"] == 0.2


@pytest.mark.parametrize(
    ("injected", "said"),
    [
        ({"temprature": 0.2}, "unknown parameter 'temprature'; did you mean temperature"),
        ({"epochs": 3}, "unknown parameter 'epochs'"),
        ({"preset": "small"}, "preset is 'small'"),
        ({"seeds": "a,b"}, "seeds is"),
        ({"temperature": 0}, "temperature is 0, but it must be greater than 0"),
        ({"temperature": "hot"}, "temperature is 'hot'"),
        ({"time_limit": "soon"}, "time_limit is 'soon'"),
        ({"dataset": "cifar10"}, "cifar10 needs data_root"),
        ({"dataset": "cifar10", "data_root": "/nonexistent"}, "is not a folder"),
        ({"batch_sizes": "999999"}, "batch_size is 999999"),
        ({"device": "tpu"}, "device is 'tpu'"),
        ({"seeds": [2**63]}, "must be less than 9223372036854775808"),
        ({"time_limit": float("inf")}, "must be a finite number"),
        ({"time_limit": "1e400h"}, "must be a finite number"),
        ({"temperature": 1e-400}, "temperature is 0.0, but it must be greater than 0"),
        ({"workers": 10**9}, "workers is 1000000000"),
        ({"records": "maybe"}, "records is 'maybe'"),
    ],
)
def test_wrong_parameter(injected: dict[str, Any], said: str, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train_here(monkeypatch)
    with pytest.raises(InputError) as rejected:
        open_study("dictionary_size", asked(**injected))
    assert said in one_line(str(rejected.value))
    assert rejected.value._render_traceback_() == [str(rejected.value)]
    assert not store.exists()


def two_classes(root: Path, name: str) -> str:
    """An image folder of this name; the folder that holds it."""
    for i in range(10):
        path = root / name / "train" / "ab"[i % 2] / f"{i}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (32, 32), i).save(path)
    return str(root)


def test_a_data_set_called_like_a_number(store: Path, tmp_path: Path, untrained: None) -> None:
    """papermill makes a number of it; a folder of data or runs may be called so too."""
    study = open_study("dictionary_size", asked(dataset=2024, data_root=two_classes(tmp_path, "2024"), store=1999))
    assert study.dataset == "2024"
    assert study.paper[0].dataset == "2024"
    assert study.store.root == Path("1999")


@pytest.mark.parametrize("value", [1000.0, True, ["a"], float("nan")])
def test_a_name_of_which_only_its_value_is_left(value: Any, store: Path, tmp_path: Path, untrained: None) -> None:
    """1e3 and true in YAML: nobody knows how the folder's name is spelled."""
    with pytest.raises(InputError, match="but it must be a text; if papermill or YAML made it of a name, give .* -r"):
        open_study("dictionary_size", asked(dataset=value, data_root=two_classes(tmp_path, "1e3")))


def test_007_is_7_to_papermill(store: Path, tmp_path: Path, untrained: None) -> None:
    with pytest.raises(InputError, match=r"there is no 7.npz in data_root .*; did you mean 007\?"):
        open_study("dictionary_size", asked(dataset=7, data_root=two_classes(tmp_path, "007")))
    assert open_study("dictionary_size", asked(dataset="007", data_root=str(tmp_path))).dataset == "007"


def test_a_data_root_without_a_data_set_is_said_to_be_unused(
    store: Path, tmp_path: Path, untrained: None, capfd: pytest.CaptureFixture[str]
) -> None:
    """YAML reads the name null as no name at all."""
    root = two_classes(tmp_path, "null")
    assert open_study("dictionary_size", asked(dataset=None, data_root=root)).dataset == "shapes"
    assert one_line(capfd.readouterr().err).startswith("data_root is not used: no dataset is named")
    assert open_study("dictionary_size", asked(dataset="shapes", data_root=root)).dataset == "shapes"
    assert capfd.readouterr().err == ""
    assert open_study("dictionary_size", asked(dataset="null", data_root=root)).dataset == "null"


def test_a_failed_run_is_not_hidden(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: module.Study) -> None:
        raise RunFailed("1 of 4 runs failed")

    monkeypatch.setattr(module.Study, "train", fail)
    with pytest.raises(RunFailed):
        open_study("dictionary_size", asked())


# --- by papermill alone


def papermill(cwd: Path, *parameters: str) -> tuple[subprocess.CompletedProcess[str], Path]:
    """The notebook as a re-runner starts it, from a folder of his own."""
    out = cwd / "out.ipynb"
    command = [sys.executable, "-m", "papermill", str(NOTEBOOK), str(out), "-p", "preset", "smoke", *parameters]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300), out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        (("-p", "temprature", "0.2"), "unknown parameter 'temprature'; did you mean temperature?"),
        (("-p", "temperature", "-1"), "temperature is -1, but it must be greater than 0"),
    ],
)
def test_papermill_ends_with_our_sentence(parameters: tuple[str, ...], said: str, store: Path, tmp_path: Path) -> None:
    done, _ = papermill(tmp_path, *parameters)
    assert done.returncode == 1
    assert said in (done.stdout + done.stderr).rstrip().splitlines()[-1]
    assert not store.exists()


@pytest.mark.slow
def test_papermill_from_another_folder_with_other_parameters(store: Path, tmp_path: Path) -> None:
    """Lists as text; one of them is a single number, which papermill passes as a number."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    done, out = papermill(folder, "-p", "seeds", "3", "-p", "temperature", "0.2", "-p", "batch_sizes", "[32]")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "runs to train: about" in done.stderr  # progress that papermill shows
    assert "runs to train" not in out.read_text()  # and no stored output holds
    assert sorted(path.name for path in folder.iterdir()) == ["out.ipynb"]
    records = [json.loads(path.read_text()) for path in store.glob("*/record.json")]
    assert records
    assert all(record["run"]["seed"] == 3 for record in records)
    assert {record["run"]["batch_size"] for record in records} == {32}
