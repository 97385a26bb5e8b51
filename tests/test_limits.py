"""What a run may not ask for, refused in one sentence: a batch of one where it has no statistics, memory, images."""

from typing import Any

import pytest
import torch

from anatomy import limits, sweep
from anatomy.data import memory
from anatomy.errors import InputError
from anatomy.limits import lack_of_memory, refuse_unfit
from anatomy.machine import Machine
from anatomy.store import Store
from anatomy.train import build
from tiny import one_line, tiny

ONE = {"batch_size": 1, "norm": "group", "groups": 4}
QUEUED = {"method": "mocov2", "queue_size": 8}


# --- a batch of one


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"projector": "mlp_norm"}, "projector 'mlp_norm'"),
        ({"projector": "mlp_norm", "final_norm": True}, "projector 'mlp_norm'"),
        ({"method": "simsiam", "temperature": None}, "method 'simsiam'"),
        ({"method": "byol", "temperature": None}, "method 'byol'"),
        ({"method": "inverse_predictor", "temperature": None}, "method 'inverse_predictor'"),
        ({"norm": "batch", "groups": None}, "norm 'batch'"),
        ({"norm": "batch_channel"}, "norm 'batch_channel'"),
        ({"norm": "group_plus"}, "norm 'group_plus'"),
        ({"backbone": "vgg7", "norm": "batch", "groups": None, "size": 32}, "norm 'batch'"),
    ],
)
def test_a_batch_of_one_where_a_part_normalizes_over_it(changed: dict[str, Any], part: str) -> None:
    run = tiny(**ONE | ({} if changed.get("method") else QUEUED) | changed)
    with pytest.raises(InputError) as refused:
        refuse_unfit(run, None)
    said = one_line(str(refused.value))
    assert said.startswith(f"batch_size is 1, but {part} normalizes over the batch")
    assert said.endswith("try 2 or more")


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"norm": "layer", "groups": None},
        {"norm": "instance", "groups": None},
        {"norm": "none", "groups": None},
        {"norm": "batch_channel", "estimate": True},
        {"projector": "mlp_norm", "norm": "batch", "groups": None, "batch_size": 2},
        {"method": "single_bias", "temperature": None, "queue_size": None},
    ],
)
def test_a_batch_that_is_large_enough(changed: dict[str, Any]) -> None:
    refuse_unfit(tiny(**ONE | QUEUED | changed), None)


def test_it_is_refused_before_a_worker_starts(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "pool", lambda *given: pytest.fail("a worker was started"))
    with pytest.raises(InputError, match="batch_size is 1"):
        sweep.sweep([tiny(**ONE, method="simsiam", temperature=None)], Store(), machine=Machine("cpu"))
    assert not store.exists()


# --- memory


@pytest.mark.parametrize(
    ("asked", "needed", "said"),
    [
        ({"method": "mocov2", "queue_size": 1000}, 512_000, "a queue of 1000 keys of 128 numbers"),
        ({"method": "moco", "queue_size": 1000, "queue_skip": 24}, 524_288, "a queue of 1024 keys"),
        ({"method": "moving_average", "memory_size": 2000, "temperature": None}, 512_000, "a memory_size of 2000"),
    ],
)
def test_what_would_not_fit_is_refused_before_it_is_taken(
    asked: dict[str, Any], needed: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "free_bytes", lambda: needed)
    build(tiny(**asked))
    monkeypatch.setattr(memory, "free_bytes", lambda: needed - 1)
    with pytest.raises(InputError) as refused:
        build(tiny(**asked))
    assert one_line(str(refused.value)).startswith(said)
    assert "GB of memory, and 0.0 GB are free; try fewer" in str(refused.value)
    monkeypatch.setattr(memory, "free_bytes", lambda: None)  # a system that does not say
    build(tiny(**asked))


def test_a_queue_of_all_the_memory_in_the_world() -> None:
    with pytest.raises(InputError, match=r"a queue of 100000000000 keys of 128 numbers needs 51,200\.0 GB of memory"):
        build(tiny(method="mocov2", queue_size=10**11))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            MemoryError("Unable to allocate 4.00 GiB"),
            "needs 4.3 GB of memory in one piece, and 2.0 GB are",
        ),
        (MemoryError(), "needs memory in one piece, and 2.0 GB are free"),
        (
            RuntimeError(
                "DefaultCPUAllocator: can't allocate memory: you tried to allocate 5000000000 bytes. Error 12"
            ),
            "needs 5.0 GB of memory in one piece, and 2.0 GB are free",
        ),
        (
            torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 79"),
            "needs 21.5 GB of memory in one piece, and 1.0 GB are free",
        ),
    ],
)
def test_what_needs_how_much_and_how_much_is_free(error: Exception, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "free_bytes", lambda: 2_000_000_000)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (10**9 * device.index, 8 * 10**10))
    text = lack_of_memory(error, tiny(), "cuda:1")
    assert text is not None
    assert one_line(text).startswith("simco on resnet8 with batch_size 32 and size 16 " + said)


def test_real_allocation_that_fails() -> None:
    with pytest.raises(RuntimeError) as raised:
        torch.empty(2**50)
    assert "needs 4,503,599.6 GB of memory" in str(lack_of_memory(raised.value, tiny(), "cpu"))


def test_other_errors_are_no_lack_of_memory() -> None:
    assert lack_of_memory(RuntimeError("shapes cannot be multiplied"), tiny(), "cpu") is None
