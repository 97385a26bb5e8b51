"""A Dask cluster whose workers are threads of this process: torch is imported once, and what is patched holds there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from anatomy.cluster.address import Place
from anatomy.cluster.engine import Engine
from conftest import lacking


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workers' own folder."""
    monkeypatch.setenv("ANATOMY_SCRATCH", str(tmp_path / "scratch"))
    return tmp_path / "scratch"


@pytest.fixture
def threads(scratch: Path) -> Iterator[Any]:
    """Dask's cluster of two workers."""
    try:
        import distributed
    except ImportError:
        lacking("the extra `cluster` is not installed: make cluster")
    options: dict[str, Any] = {"processes": False, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    with distributed.LocalCluster(n_workers=2, memory_limit=0, silence_logs=50, **options) as cluster:
        yield cluster


@pytest.fixture
def engine(threads: Any) -> Iterator[Engine]:
    from distributed import Client

    with Client(threads, set_as_default=False) as client:
        client.wait_for_workers(2)
        yield Engine(Place("scheduler", address=threads.scheduler_address), client)
