"""What the commands cost: CPU seconds, and how often they do what is slow, which no other work on a machine changes.

tests/test_command_costs.py holds the counts of some against limits, so that they do not creep back.
"""

import pstats
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TypedDict

# What is counted: the end of a file's name, and a function in it.
COUNTED = {
    "runs checked": ("anatomy/runs/config.py", "valid_run"),
    "run keys": ("anatomy/runs/config.py", "key"),
    "signatures": ("anatomy/runs/parts.py", "signature"),
    "type adapters": ("pydantic/type_adapter.py", "__init__"),
    "records read": ("anatomy/storage/record.py", "parsed_record"),
    "series": ("pandas/core/series.py", "__init__"),
}
AIMS = {"--help": 0.3, "claims": 2.0, "status": 2.0, "doctor": 3.0}  # CPU seconds on a quiet AVX2 core


class Command(TypedDict):
    what: str
    cpu_seconds: float
    aim: float
    counts: dict[str, int]


def measured() -> list[Command]:
    return [
        {"what": f"anatomy {word}", "cpu_seconds": round(min(cpu_seconds(word) for _ in range(3)), 2), "aim": aim,
         "counts": counts(word)}
        for word, aim in AIMS.items()
    ]  # fmt: skip


def cpu_seconds(word: str) -> float:
    """Of the process and of those that it starts, with a store that is empty."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _run([sys.executable, "-m", "anatomy", word])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def counts(word: str) -> dict[str, int]:
    """How often a command calls each of COUNTED."""
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder, "profile")
        _run([sys.executable, "-m", "cProfile", "-o", str(profile), "-m", "anatomy", word])
        calls = pstats.Stats(str(profile)).stats  # type: ignore[attr-defined]
    return {name: _calls(calls, *where) for name, where in COUNTED.items()}


def _calls(calls: dict[tuple[str, int, str], tuple[int, ...]], file: str, function: str) -> int:
    return sum(found[1] for (path, _, name), found in calls.items() if name == function and path.endswith(file))


def _run(command: list[str]) -> None:
    with tempfile.TemporaryDirectory() as store:
        subprocess.run([*command, *(["--store", store] if command[-1] != "--help" else [])],
                       check=True, stdout=subprocess.DEVNULL)  # fmt: skip
