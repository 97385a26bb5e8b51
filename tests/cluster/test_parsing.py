"""Source is read by one thread of a worker at a time."""

import gc
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from anatomy.cluster.facts import code
from anatomy.runs import source


@pytest.fixture
def watched() -> Iterator[None]:
    """Garbage is collected as under Dask, which runs Python code then; nothing of the package has been read."""

    def watch(phase: str, about: dict[str, int]) -> None:
        time.sleep(1e-4)

    source.package_digest.cache_clear()
    source._bare.cache_clear()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    gc.callbacks.append(watch)
    yield
    gc.callbacks.remove(watch)
    sys.setswitchinterval(before)


def test_two_threads_read_the_package(watched: None) -> None:
    with ThreadPoolExecutor(4) as threads:
        assert len({job.result() for job in [threads.submit(code) for _ in range(4)]}) == 1
