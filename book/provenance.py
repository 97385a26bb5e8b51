"""Where the numbers of a figure come from, in the words of one small line."""

import re
from collections.abc import Iterator
from typing import Any

from wording import DATA, network


def phrases(facts: dict[str, Any]) -> Iterator[str]:
    yield f"preset {listed(facts['preset'])}" + (" of an earlier recipe, not judged" if facts.get("archived") else "")
    yield f"data set {DATA.get(facts['dataset'], facts['dataset'])}"
    yield f"network {network(facts['network'])}"
    yield f"{counted(facts['seeds'], 'seed')} {listed(facts['seeds'])}".strip()
    yield f"{facts['runs_done']} of {facts['runs_asked']} runs"
    yield machine(listed(facts["device"]), listed(facts["cpu"]))
    yield f"torch {listed(facts['torch'])}, {listed(facts['precision'])}"
    yield f"{listed(facts['threads'])} {counted(facts['threads'], 'thread')}"
    yield f"trained in {duration(facts['seconds'])}"
    yield f"commit {short(listed(facts['commit']))}"


def machine(device: str, cpu: str) -> str:
    return f"on the CPU, {cpu}" if device == "cpu" else f"on {device}, beside {cpu}"


def listed(value: Any) -> str:
    """A value, or several where machines differ; `unknown` where a run did not write it down."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(str(each) for each in value)
    return "unknown" if value in (None, "") else str(value)


def counted(value: Any, word: str) -> str:
    """`seed` for one, `seeds` for several; a list, or a number that may come as text."""
    one = len(value) == 1 if isinstance(value, list | tuple) else str(value) == "1"
    return word if one else f"{word}s"


def short(commits: str) -> str:
    """Twelve letters of each commit; a + behind it says that the tree had changes."""
    cut = (re.sub(r"^([0-9a-f]{12})[0-9a-f]+", r"\1", each) for each in commits.split(", "))
    return ", ".join(re.sub(r"\+$", " with changes", each) for each in cut)


def duration(seconds: float | None) -> str:
    """12.4 -> 12 s, 90 -> 1 min 30 s, 4000 -> 1 h 7 min."""
    if seconds is None:
        return "an unknown time"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
