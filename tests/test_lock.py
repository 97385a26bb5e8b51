"""What one process holds, another that waits for it leaves alone."""

import threading
import time
from pathlib import Path

import pytest

from anatomy.storage.store import Store

KEY = "0123456789abcdef"


@pytest.fixture
def half(tmp_path: Path) -> Path:
    """A checkpoint that somebody has begun to write."""
    folder = tmp_path / KEY
    folder.mkdir()
    part = folder / "checkpoint.123.part"
    part.write_bytes(b"half")
    return part


def test_who_waits_removes_nothing(half: Path) -> None:
    """Were leftovers removed before the lock is taken, the file that its holder writes would go."""
    store = Store(half.parents[1])
    with store.lock(KEY):
        half.write_bytes(b"more")  # the lock's holder writes
        with pytest.raises(TimeoutError), store.lock(KEY, deadline=time.time() + 0.25):
            pytest.fail("two hold one lock")
        assert half.read_bytes() == b"more"


def test_who_waits_without_a_deadline_removes_it_once_it_has_the_lock(half: Path) -> None:
    store, began, held = Store(half.parents[1]), threading.Event(), threading.Event()

    def wait() -> None:
        began.set()
        with store.lock(KEY):
            held.set()

    thread = threading.Thread(target=wait)
    with store.lock(KEY):
        half.write_bytes(b"more")
        thread.start()
        began.wait(5)
        assert not held.wait(0.25)
        assert half.read_bytes() == b"more"
    thread.join(5)
    assert held.is_set()
    assert not half.exists()  # whoever wrote it is gone: the lock was free


def test_the_lock_of_another_run_removes_nothing_here(half: Path) -> None:
    with Store(half.parents[1]).lock("another"):
        assert half.exists()
