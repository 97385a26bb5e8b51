"""Who may take part, who may not and why; and which workers are of one kind."""

from dataclasses import replace
from pathlib import Path

import pytest

from anatomy.cluster.facts import Facts
from anatomy.cluster.kind import group, label, label_of
from anatomy.cluster.recruit import Ours, in_words, not_beside_cards, second_on_a_card, why_not
from anatomy.cluster.remote import _fault
from anatomy.errors import RunFailed
from anatomy.hardware.machine import Machine
from anatomy.storage.store import Store
from tiny import task, tiny

SOUND = Facts(
    host="a", code="c0de", python="3.11.7", torch="2.15", dask="2026.8", cpu="EPYC", gpu="", card="", device="cpu",
    precision="fp32", cores=2, threads=1, memory=10**9, disk=10**10, shared=False, data="da7a", data_root=None, nanny="tcp://a:1",
)  # fmt: skip
OURS = Ours("c0de", "2026.8", "3.11", "da7a")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({}, ""),
        ({"torch": "2.14"}, ""),  # another kind, and no reason to leave it out
        ({"code": "0ther"}, "its package is other code (0ther, and here c0de); install the same commit there"),
        ({"dask": "2025.1"}, "its Dask is 2025.1, and here 2026.8; install requirements-cluster.lock there"),
        ({"python": "3.12.1"}, "its Python is 3.12.1, and here 3.11; use the same minor version"),
        ({"data": ""}, "its data set is not there; put it into ANATOMY_DATA_ROOT there"),
        ({"data": "0ther"}, "its data set is another (0ther, and here da7a); put it into ANATOMY_DATA_ROOT there"),
        ({"device": "device is 'cuda', but torch sees no GPU"}, "device is 'cuda', but torch sees no GPU"),
        ({"disk": 1}, "it has 1.0 GB of memory and 0.0 GB of disk free"),
    ],
)
def test_why_not(other: dict[str, str], said: str) -> None:
    assert why_not(replace(SOUND, **other), OURS) == said


def test_processors_do_not_work_beside_cards_unless_asked() -> None:
    found = {"card": replace(SOUND, gpu="H100", device="cuda"), "cpu": SOUND}
    assert list(not_beside_cards(found, "auto")) == ["cpu"]
    assert not_beside_cards(found, "cpu") == {}
    assert not_beside_cards({"cpu": SOUND}, "auto") == {}


def test_one_worker_a_card() -> None:
    """A second one that sees the same card is named; one that comes for a worker that has ended is not."""
    one, two = (replace(SOUND, gpu="H100", device="cuda", card=card) for card in ("GPU-1", "GPU-2"))
    found = {"a": one, "b": two, "c": one, "d": SOUND, "e": SOUND}
    said = "its card is that of {}; start one worker a card, by CUDA_VISIBLE_DEVICES"
    assert second_on_a_card(found, {}) == {"c": said.format("a")}
    assert second_on_a_card({"c": one}, {"b": "GPU-2"}) == {}
    assert second_on_a_card({"c": one}, {"a": "GPU-1"}) == {"c": said.format("a")}


def test_a_worker_without_the_package_is_said() -> None:
    error = ModuleNotFoundError("No module named 'anatomy'", name="anatomy")
    assert in_words(error) == "it cannot import anatomy; install this package there"


def test_a_kind_is_model_torch_precision_threads_and_compilation() -> None:
    machine = Machine("cpu", "fp32", 1, "no")
    others = [replace(machine, precision="bf16"), replace(machine, threads=2), replace(machine, compile="yes")]
    labels = {label(SOUND, one) for one in [machine, *others]}
    labels |= {label(replace(SOUND, cpu="Xeon"), machine), label(replace(SOUND, torch="2.14"), machine)}
    assert len(labels) == 6
    others = [replace(SOUND, gpu="H100"), replace(SOUND, torch="2.14"), replace(SOUND, threads=4)]
    assert len({group(worker) for worker in [SOUND, *others]}) == 4


def test_a_record_is_of_the_kind_of_the_worker_that_made_it() -> None:
    made = {"cpu": "EPYC", "device": "cpu", "torch": "2.15", "precision": "fp32", "threads": 1, "compile": "no"}
    assert label_of(made) == label(SOUND, Machine("cpu", "fp32", 1, "no"))
    card = replace(SOUND, gpu="H100", device="cuda")
    assert label_of(made | {"device": "H100"}) == label(card, Machine("cuda", "fp32", 1, "no", gpu="H100"))


def test_memory_that_one_machine_lacks_is_no_fault_of_the_run(store: Path) -> None:
    """What `worker.in_one_sentence` makes of an allocation that failed, and of a loss that is no number."""
    given, lack, diverged = task(tiny(), Store()), RunFailed("simco needs 9 GB of memory"), RunFailed("the loss is nan")
    lack.__cause__ = MemoryError()
    diverged.__cause__ = FloatingPointError()
    assert (_fault(lack, given), _fault(diverged, given)) == ("machine", "run")
    assert _fault(RunFailed("the loss is nan"), given) == "run"
