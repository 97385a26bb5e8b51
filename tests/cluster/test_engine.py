"""How Dask is reached: encrypted where asked, with no option that it does not know; locks as workers see them."""

from pathlib import Path
from typing import Any

import pytest

from anatomy.cluster import locking
from anatomy.cluster.address import Place, place_of
from anatomy.cluster.engine import Engine, opened
from anatomy.cluster.locking import locks_hold
from anatomy.errors import InputError
from anatomy.storage.store import Store

pytestmark = pytest.mark.cluster


@pytest.fixture
def encrypted(tmp_path: Path, scratch: Path) -> Any:
    """A cluster with certificates of its own, and the file that names them."""
    distributed = pytest.importorskip("distributed")
    made = distributed.Security.temporary()
    names = {"ca_file": made.tls_ca_file, "cert": made.tls_client_cert, "key": made.tls_client_key}
    for name, content in names.items():
        (tmp_path / f"{name}.pem").write_text(content)
    options = {"threads_per_worker": 1, "memory_limit": 0, "dashboard_address": "127.0.0.1:0", "host": "127.0.0.1"}
    with distributed.LocalCluster(
        n_workers=1, processes=False, protocol="tls://", security=made, silence_logs=50, **options
    ) as cluster:
        lines = ['kind = "scheduler"', f'address = "{cluster.scheduler_address}"', "[tls]"]
        lines += [f'{name} = "{tmp_path / name}.pem"' for name in names]
        (tmp_path / "cluster.toml").write_text("\n".join(lines))
        yield tmp_path / "cluster.toml"


def test_certificates_from_a_file(encrypted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = place_of(str(encrypted))
    assert place.address.startswith("tls://")
    with opened(place) as engine:
        assert list(engine.threads().values()) == [1]
    monkeypatch.setattr("anatomy.cluster.engine.ANSWER", 2)
    with (
        pytest.raises(InputError, match="no Dask scheduler answers at tls://"),
        opened(Place("scheduler", address=place.address)),
    ):
        pass


@pytest.mark.parametrize("kind", ["slurm", "pbs", "ssh"])
def test_an_option_that_dask_does_not_know_starts_nothing(kind: str) -> None:
    pytest.importorskip("dask_jobqueue")
    place = Place(kind, workers=1, hosts=("a", "b"), options={"memroy": "4GB"})
    with pytest.raises(InputError, match=f"unknown option 'memroy' of kind {kind}; "), opened(place):
        pass


def test_locks_hold_on_one_disk(engine: Engine, store: Path) -> None:
    workers = list(engine.threads())
    assert (
        locks_hold(engine, str(store), workers)
        == f"the store {store} is shared with 2 workers, and its locks hold there"
    )
    assert Store().keys() == []
    assert locks_hold(engine, str(store), []) == ""


def test_locks_that_do_not_hold_are_said(engine: Engine, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on NFS mounted with `nolock`: a second holder is let in."""
    monkeypatch.setattr(locking, "sees_lock", lambda folder: False)
    said = locks_hold(engine, str(store), list(engine.threads()))
    assert said.startswith(f"locks of the store {store} do not hold on inproc://")
    assert said.endswith("a run whose worker lost its connection may be trained twice, with equal records")
