"""What a run may not ask for, rejected in one sentence: a batch of one where it has no statistics, memory, images."""

from pathlib import Path
from typing import Any

import pytest
import torch

from anatomy.errors import InputError
from anatomy.scheduling import limits, sweep
from anatomy.scheduling.limits import check_memory, check_run, check_view_memory, lack_of_memory
from anatomy.storage.store import Store
from tiny import MACHINE, Here, one_line, tiny

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
    with pytest.raises(InputError) as rejected:
        check_run(run, None)
    said = one_line(str(rejected.value))
    assert said.startswith(f"batch_size is 1, but {part} normalizes over the batch")
    assert said.endswith("try 2 or more")


def test_a_batch_of_one_and_a_queue_beyond_memory() -> None:
    with pytest.raises(InputError, match="queue_size is 1000000000000"):
        check_run(tiny(**ONE, method="mocov2", queue_size=10**12), None)


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
    check_run(tiny(**ONE | QUEUED | changed), None)


def test_it_is_rejected_before_a_worker_starts(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "pool", lambda *given: pytest.fail("a worker was started"))
    with pytest.raises(InputError, match="batch_size is 1"):
        sweep.sweep([tiny(**ONE, method="simsiam", temperature=None)], Store(), machine=MACHINE)
    assert not store.exists()


# --- memory


@pytest.mark.parametrize(
    ("asked", "needed", "said"),
    [
        ({"method": "mocov2", "queue_size": 1000}, 512_000, "queue_size is 1000"),
        ({"method": "mocov2", "queue_size": 1000, "dimension": 64}, 256_000, "queue_size is 1000"),
        ({"method": "moco", "queue_size": 8, "queue_skip": 2000}, 1_024_000, "queue_skip is 2000"),
        ({"method": "moving_average", "memory_size": 2000, "temperature": None}, 512_000, "memory_size is 2000"),
    ],
)
def test_what_would_not_fit_is_rejected_before_it_is_taken(
    asked: dict[str, Any], needed: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "free_bytes", lambda: needed)
    check_memory(tiny(**asked))
    monkeypatch.setattr(limits, "free_bytes", lambda: needed - 1)
    with pytest.raises(InputError) as rejected:
        check_memory(tiny(**asked))
    assert one_line(str(rejected.value)).startswith(
        f"{said}, which at {asked.get('dimension', 128)} numbers each needs"
    )
    monkeypatch.setattr(limits, "free_bytes", lambda: None)  # a system that does not say
    check_memory(tiny(**asked))


def test_a_queue_larger_than_any_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """100 thousand million keys of 128 numbers of 4 bytes."""
    monkeypatch.setattr(limits, "free_bytes", lambda: 10**10)
    with pytest.raises(InputError, match=r"needs 51,200\.0 GB of memory, but 10\.0 GB are free; try 9765625$"):
        check_memory(tiny(method="mocov2", queue_size=10**11))


def test_memory_is_rejected_before_a_worker_starts_and_asked_for_missing_runs_only(
    store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tiny(method="mocov2", queue_size=64)
    with monkeypatch.context() as patch:
        patch.setattr(limits, "free_bytes", lambda: 64)
        patch.setattr(sweep, "pool", lambda *given: pytest.fail("a worker was started"))
        with pytest.raises(InputError, match="queue_size is 64"):
            sweep.sweep([run], Store(), machine=MACHINE)
        assert not store.exists()
    done = sweep.sweep([run], Store(), machine=MACHINE, executor=Here(), say=lambda text: None)
    monkeypatch.setattr(limits, "free_bytes", lambda: 64)
    assert sweep.sweep([run], Store(), machine=MACHINE) == done


def test_what_keeps_nothing_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "free_bytes", lambda: 0)
    check_memory(tiny())


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


# --- views that are too large or too small


def test_views_beyond_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "free_bytes", lambda: 10**9)
    with pytest.raises(
        InputError, match=r"^size is 2147483647, at which the views of 32 images need .* GB .* try 403$"
    ):
        check_view_memory(tiny(size=2**31 - 1))
    check_view_memory(tiny(size=403))


@pytest.mark.parametrize(("backbone", "least"), [("resnet8", 2), ("vgg7", 7)])
def test_views_of_which_nothing_is_left(backbone: str, least: int) -> None:
    with pytest.raises(
        InputError, match=rf"^size is 1, but backbone '{backbone}' needs views of {least} pixels or more$"
    ):
        check_run(tiny(size=1, backbone=backbone), None)
    check_run(tiny(size=least, backbone=backbone), None)


def test_small_views_hide_no_other_mistake(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="^groups is 5, but a layer has"):
        check_run(tiny(size=4, norm="group", groups=5), None)
    mine = tmp_path / "mine.py"
    mine.write_text("def flat(*, width: int = 4):\n    raise OSError('its own trouble')\n")
    check_run(tiny(size=4, width=None, backbone=f"{mine}:flat"), None)  # a worker will say what it is
