"""Commands in this process, on a store and a folder of records of their own."""

import shutil
from pathlib import Path

import pytest

from anatomy.study import presets, request, study
from tiny import Here, train_here


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
