"""How fast a worker is, and in what order its runs end soonest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import heapreplace

LEAST = 0.2  # of the seconds planned: nothing is believed to be quicker


@dataclass
class Worker:
    """One that trains. `home` outlives its process: the tries of a run are counted there."""

    address: str
    home: str
    kind: str
    at_once: int = 1
    pace: float = 1.0  # seconds it needs for a second planned
    running: dict[str, float] = field(default_factory=dict)  # a run's key: when it began

    @property
    def free(self) -> bool:
        return len(self.running) < self.at_once

    def timed(self, planned: float, took: float) -> None:
        """Half of what is believed is the last run."""
        self.pace = 0.5 * self.pace + 0.5 * max(LEAST, took / max(planned, 0.01))


def best_order(keys: list[str], seconds: Mapping[str, float], slots: int) -> list[str]:
    """The study's order, or longest first where all is done sooner so."""
    longest = sorted(keys, key=lambda key: -seconds.get(key, 1.0))
    return longest if makespan(longest, seconds, slots) < 0.99 * makespan(keys, seconds, slots) else keys


def makespan(keys: list[str], seconds: Mapping[str, float], slots: int) -> float:
    """Seconds until all are done, each given to the slot that is free first."""
    busy_until = [0.0] * max(1, slots)
    for key in keys:
        heapreplace(busy_until, busy_until[0] + seconds.get(key, 1.0))
    return max(busy_until)
