"""What image folders say, and a fresh look at each."""

import pytest

from anatomy.data import folder, scan


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said on the terminal; and every look at a folder is a new one."""
    lines: list[str] = []
    monkeypatch.setattr(folder, "to_terminal", lines.append)
    monkeypatch.setattr(scan, "_last", {})
    # These tests may run in a worker themselves, as those of `make mutants` do.
    monkeypatch.setattr("multiprocessing.parent_process", lambda: None)
    return lines
