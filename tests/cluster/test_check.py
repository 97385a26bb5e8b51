"""`anatomy cluster check`: every worker, whether it would take part, and why not."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from anatomy.cli import main
from anatomy.cluster import check, recruit
from anatomy.cluster.address import Place
from anatomy.cluster.engine import Engine
from anatomy.cluster.facts import facts
from anatomy.runs.source import package_digest

pytestmark = pytest.mark.cluster
ASKED = ["cluster", "check", "tcp://127.0.0.1:8786"]


@pytest.fixture
def found(engine: Engine, store: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The address is that of the workers in this process."""

    @contextmanager
    def opened(place: Place) -> Iterator[Engine]:
        yield engine

    monkeypatch.setattr(check, "opened", opened)
    return engine


def changed(address: str | None, **values: Any) -> Any:
    """`facts` where the worker of this address, or each, says something else."""
    from distributed import get_worker

    def said(question: Any) -> Any:
        own = address in (None, get_worker().address)
        return replace(facts(question), **values) if own else facts(question)

    return said


def test_what_every_worker_says(found: Engine, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    first, second = sorted(found.threads())
    monkeypatch.setattr(check, "facts", changed(second, code="0" * 16, precision="bf16", memory=3 * 10**9))
    assert main([*ASKED, "--json"]) == 0
    said = json.loads(capfd.readouterr().out)
    workers = {worker["address"]: worker for worker in said["workers"]}
    assert workers[first]["why"] == ""
    assert workers[first]["precision"] in ("fp32", "bf16", "fp32 or bf16")
    assert workers[second]["why"].startswith("its package is other code (0000000000000000, ")
    assert said["locks"].endswith("is shared with 1 workers, and its locks hold there")
    assert main(ASKED) == 0
    lines = capfd.readouterr().out.splitlines()
    here = lines.index(f"{second}  left out: {workers[second]['why']}")
    assert ", bf16, 1 of " in lines[here + 1]
    assert ", 3.0 GB of memory and " in lines[here + 1]
    assert lines[here + 2].startswith("  code 0000000000000000, torch ")
    assert lines[here + 2].endswith(", store shared")
    assert f"{first}  takes part" in lines
    assert any(line.startswith(f"  code {package_digest()}, torch ") for line in lines)


def test_none_is_left(found: Engine, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    monkeypatch.setattr(check, "facts", changed(None, python="3.9.1"))
    assert main(ASKED) == 2
    said = capfd.readouterr()
    assert said.out.count("left out: its Python is 3.9.1") == 2
    assert said.err == "anatomy: none of 2 workers would make the same runs; the lines above say why\n"


def test_a_second_worker_on_a_card_is_left_out_of_a_study(
    found: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also where it comes later, as long as the first is here."""
    from anatomy.cluster.team import Team, question_about
    from anatomy.data import digest
    from anatomy.storage.store import Store
    from tiny import MACHINE, tiny

    first, second = sorted(found.threads())
    monkeypatch.setattr(recruit, "facts", changed(None, card="GPU-1"))
    monkeypatch.setattr("anatomy.cluster.team.laid", lambda store, token: nullcontext())
    question, run = question_about(Store(tmp_path), "shapes", digest("shapes"), None, "cpu"), tiny()
    team = Team(found, question, MACHINE, {run.key(digest("shapes")): run})
    assert [member.worker.address for member in team.hire([first])[0]] == [first]
    assert team.hire([second])[0] == []
    assert team.refused == {second: f"its card is that of {first}; start one worker a card, by CUDA_VISIBLE_DEVICES"}
