"""Which changes of the code make a finished run doubtful: those of code that it ran, and no sentence."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from anatomy.runs import parts, source
from anatomy.runs.config import Run
from anatomy.runs.source import source_digest
from tiny import tiny


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the package that may be edited."""
    copy = tmp_path / "anatomy"
    shutil.copytree(parts.ROOT, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(parts, "ROOT", copy)
    monkeypatch.setattr(source, "ROOT", copy)
    monkeypatch.setattr(source, "ENTRIES", (copy / "training/train.py", copy / "training/run_tables.py"))
    yield copy
    forget()


def forget() -> None:
    """As a new process would."""
    for module in (source, parts):
        for cached in (member for member in vars(module).values() if hasattr(member, "cache_clear")):
            cached.cache_clear()


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    forget()


DOCSTRING = '"""'
DOUBTFUL = {
    "the loop": ("training/train.py", "training.epoch += 1", "training.epoch += 2"),
    "the network": ("training/network.py", "\ndef ", "\ndef _new(): ...\n\n\ndef "),
    "the learning rate": ("training/optimizer.py", "batch_size / 256 if", "batch_size / 255 if"),
    "what is measured": ("training/run_tables.py", "\ndef ", "\ndef _new(): ...\n\n\ndef "),
    "the loss": ("losses/info_nce.py", "return ", "return 2 * "),
    "what the loss is made of": ("similarity.py", "def unit", "def unit_(): ...\n\n\ndef unit"),
    "the method's module": ("methods/moco.py", "views = 2", "views = 3"),
    "the views": ("augmentation/views.py", "\ndef ", "\ndef _new(): ...\n\n\ndef "),
    "the backbone": ("networks/backbones.py", "\ndef ", "\ndef _new(): ...\n\n\ndef "),
    "a recorder of the run": ("recorders/scores.py", "needs = ", "wants = "),
    "a measure of the run": ("measures/knn.py", "\ndef ", "\ndef _new(): ...\n\n\ndef "),
    "the data": ("data/shapes.py", "\ndef ", "\ndef _new(): ...\n\n\ndef "),
}
HARMLESS = {
    "a comment": ("training/train.py", "import torch\n", "# torch\nimport torch\n"),
    "a comment's text": (
        "training/state.py",
        "field(default_factory=list)  # of",
        "field(default_factory=list)  # what is lost of",
    ),
    "a module's docstring": ("training/train.py", DOCSTRING, DOCSTRING + "Once more: "),
    "a function's docstring": ("losses/info_nce.py", "    " + DOCSTRING, "    " + DOCSTRING + "Once more: "),
    "space": ("losses/info_nce.py", "\ndef ", "\n\n\ndef "),
    "another loss": ("losses/dual_temperature.py", "return ", "return 2 * "),
    "another method": ("methods/mocov2.py", "\ndef ", "\ndef _new(): ...\n\n\ndef "),
    "a measure the run does not make": ("measures/identities.py", "\ndef ", "\ndef _new(): ...\n\n\ndef "),
    "how runs are timed": ("scheduling/speed.py", "\ndef ", "\ndef _new(): ...\n\n\ndef "),
    "how runs are replayed": ("training/replay.py", "REPLAYED_STEPS = 8", "REPLAYED_STEPS = 9"),
    "the command line": ("cli/__init__.py", "\ndef ", "\ndef _new(): ...\n\n\ndef "),
    "the ledger": ("verdicts/criteria.py", "\ndef ", "\ndef _new(): ...\n\n\ndef "),
    "a figure": ("figures/arms.py", "\ndef ", "\ndef _new(): ...\n\n\ndef "),
    "how runs are kept": ("storage/store.py", "\ndef ", "\ndef _new(): ...\n\n\ndef "),
}


@pytest.mark.parametrize("change", DOUBTFUL)
def test_code_that_the_run_ran(change: str, package: Path) -> None:
    before = source_digest(tiny())
    edit(package / DOUBTFUL[change][0], *DOUBTFUL[change][1:])
    assert source_digest(tiny()) != before


@pytest.mark.parametrize("change", HARMLESS)
def test_what_changes_no_number(change: str, package: Path) -> None:
    before = source_digest(tiny())
    edit(package / HARMLESS[change][0], *HARMLESS[change][1:])
    assert source_digest(tiny()) == before


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text("def my_loss(positive, negatives, *, temperature: Temperature):\n    return positive\n")
    run = Run.of(loss=f"{mine}:my_loss", temperature=0.1)
    before, key = source_digest(run), run.key("data")
    edit(mine, "    return", "    # why\n    return")
    assert source_digest(run) == before
    edit(mine, "return positive", "return -positive")
    assert source_digest(run) != before
    assert run.key("data") != key


def test_the_same_in_every_process() -> None:
    imports = "from anatomy.runs.config import Run; from anatomy.runs.source import source_digest"
    script = f"{imports}; print(source_digest(Run.of(temperature=1)))"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert said.strip() == source_digest(Run.of(temperature=1))


COVERED = """
import sys
from pathlib import Path
from anatomy.training import run_tables, train
from anatomy.runs import source
from anatomy.runs.config import Run
from anatomy.hardware.machine import Machine
run = Run.of(method="mocov2", temperature=0.1, queue_size=32, images=32, epochs=1, batch_size=16, size=16, width=4,
             recorders="hardness,scores", measures="knn,hardness_grid,identities")
ran = train.prepare(run, Machine("cpu", "fp32", 1))
train.fit(ran)
run_tables.run_tables(ran)
used = {Path(m.__file__) for name, m in sys.modules.items() if name.startswith("anatomy") and m.__file__}
covered, empty = set(), source._bare(Path(train.__file__).parents[1] / "losses" / "__init__.py")
used = {file for file in used if source._bare(file) != empty}  # a package's docstring
source._bare = lambda file: covered.add(file) or ""
source.source_digest(run)
print(sorted(file.name for file in used - covered - {Path(source.__file__)}))
"""


@pytest.mark.slow
def test_every_module_that_training_imports_is_covered() -> None:
    """The oracle is Python's own list of what it imported."""
    said = subprocess.run([sys.executable, "-c", COVERED], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"
