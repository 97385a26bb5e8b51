"""What `anatomy study --cluster` refuses: exit code 2, one sentence, and nothing is written."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from anatomy.cluster import engine as engine_module
from anatomy.cluster import recruit, roster
from anatomy.cluster import sweep as sweep_module
from anatomy.cluster.address import Place
from anatomy.cluster.engine import Engine
from anatomy.cluster.facts import facts
from commands import Said, rejected

STUDY = ["study", "dictionary_size", "--preset", "smoke", "--records", "ignore", "--cluster"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["nowhere"], "cluster is 'nowhere', but it must be local:N, a scheduler's address"),
        (["local:2", "--workers", "2"], "workers is 2 and cluster is 'local:2', but a cluster says how many work"),
        (["mine.toml"], "unknown key 'worker' of kind slurm; did you mean workers?"),
    ],
)
def test_before_anything_is_reached(
    given: list[str], said: str, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Said
) -> None:
    (tmp_path / "mine.toml").write_text('kind = "slurm"\nworker = 4\n')
    monkeypatch.chdir(tmp_path)
    assert said in rejected([*STUDY, *given], store, capfd)


def test_without_the_extra(store: Path, monkeypatch: pytest.MonkeyPatch, capfd: Said) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert "install it with make cluster (or pip install 'anatomy[cluster]')" in rejected(
        [*STUDY, "local:2"], store, capfd
    )


@pytest.mark.cluster
def test_nobody_answers_there(store: Path, monkeypatch: pytest.MonkeyPatch, capfd: Said) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(engine_module, "ANSWER", 1)
    assert "no Dask scheduler answers at tcp://127.0.0.1:9 within 1 s" in rejected(
        [*STUDY, "tcp://127.0.0.1:9"], store, capfd
    )


@pytest.fixture
def reached(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Any address is that of the workers in this process."""

    @contextmanager
    def opened(place: Place) -> Iterator[Engine]:
        yield engine

    monkeypatch.setattr(sweep_module, "opened", opened)
    return engine


@pytest.mark.cluster
def test_a_scheduler_without_a_worker(
    reached: Engine, store: Path, monkeypatch: pytest.MonkeyPatch, capfd: Said
) -> None:
    monkeypatch.setattr(roster, "STARTING", 0.0)
    monkeypatch.setattr(Engine, "threads", lambda self: {})
    line = rejected([*STUDY, "tcp://127.0.0.1:8786"], store, capfd)
    assert "has no worker; start one with `dask worker " in line


@pytest.mark.cluster
@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"dask": "2025.1.0"}, "its Dask is 2025.1.0, and here "),
        ({"python": "3.9.1"}, "its Python is 3.9.1, and here "),
        ({"code": "0" * 16}, "its package is other code (0000000000000000, and here "),
    ],
)
def test_versions_that_differ(
    reached: Engine, store: Path, monkeypatch: pytest.MonkeyPatch, capfd: Said, other: dict[str, Any], said: str
) -> None:
    monkeypatch.setattr(recruit, "facts", lambda question: replace(facts(question), **other))
    line = rejected([*STUDY, "tcp://127.0.0.1:8786"], store, capfd)
    assert "none of 2 workers would make the same runs, first inproc://" in line
    assert said in line
