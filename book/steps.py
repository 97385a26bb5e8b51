"""A step of the build: a file put in its place, and how long it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from provenance import duration


def replace(target: Path, content: str | bytes, folder: Path) -> None:
    """Write beside, then move: a reader sees the former file or the new one."""
    temporary = folder / f"new-{target.name}"
    temporary.write_bytes(content.encode() if isinstance(content, str) else content)
    target.parent.mkdir(exist_ok=True)
    temporary.replace(target)


@contextmanager
def timed(words: str) -> Iterator[None]:
    start = time.monotonic()
    print(f"== {words}", flush=True)
    yield
    print(f"== {words}: {duration(time.monotonic() - start)}", flush=True)
