"""Faults of a cluster, one after the other: each study ends with the numbers of one machine.  `make cluster-faults`

    python tests/cluster_faults.py --kills 10 --only kills,cut

Four workers in network namespaces of their own, which do not see the submitter's disk (in `shared` they do).
`--chapters` of the smoke preset are first trained on this machine alone; what the cluster gives must be equal bit for
bit. Exit code 1 if anything is not; 0, with the reason, where there is no privilege for namespaces.
"""

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src")]

from cluster_network import ADDRESS, Machine, network, privilege, scheduler, wait  # noqa: E402
from crash import study_tables  # noqa: E402

PATIENCE = 500  # seconds that a study may take here
SLOW = {"ANATOMY_TEST_SLEEP": "0.3"}  # seconds a step more, so that a fault falls into a run
PRELOAD = ["--preload", str(HERE / "cluster_slow.py")]


class Trial:
    """A study on the network, and what is expected of it."""

    def __init__(self, chapters: list[str], folder: Path, expected: dict[str, Any]) -> None:
        self.chapters, self.folder, self.expected = chapters, folder, expected
        self.store = folder / "seen" / "runs"
        self.said = folder / "said"

    def command(self, chapter: str) -> subprocess.Popen[bytes]:
        words = ["study", chapter, "--preset", "smoke", "--store", str(self.store), "--cluster", ADDRESS]
        environment = {**os.environ, "PYTHONPATH": str(HERE.parent / "src"), "OMP_NUM_THREADS": "1"}
        with self.said.open("ab") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "anatomy", *words],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
            )

    def begun(self, machines: list[Machine]) -> bool:
        """Whether a run is being trained somewhere."""
        return any(list(machine.folder.glob("runs/*/progress.json")) for machine in machines)

    def lines(self) -> str:
        return self.said.read_text() if self.said.exists() else ""

    def ends(self, process: subprocess.Popen[bytes]) -> None:
        code = process.wait(PATIENCE)
        assert code == 0, f"exit code {code}: {self.lines()[-2000:]}"
        assert "Traceback" not in self.lines(), self.lines()

    def check(self) -> None:
        found = study_tables(self.store)
        assert found.keys() == self.expected.keys(), f"{len(found)} of {len(self.expected)} runs"
        others = [f"{key} {name}" for key, tables in found.items() for name in differing(tables, self.expected[key])]
        assert not others, f"other numbers in {len(others)} tables: {', '.join(others)}"


def differing(tables: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    """Names of the tables of a run that are not equal."""
    return sorted(name for name in tables.keys() | expected.keys() if tables.get(name) != expected.get(name))


Fault = Callable[[Trial, Machine, list[Machine], random.Random, int], None]


def kills(trial: Trial, head: Machine, machines: list[Machine], chance: random.Random, count: int) -> None:
    """`count` workers are killed at random moments, on the way through all chapters."""
    done, waiting = 0, list(trial.chapters)
    process: subprocess.Popen[bytes] | None = None
    while waiting or process:
        if process is None:
            process = trial.command(waiting.pop(0))
        if process.poll() is not None:
            trial.ends(process)
            process = None
        elif done < count and trial.begun(machines) and chance.choice(machines).kill():
            done += 1
            print(f"  kill {done} of {count}", flush=True)
            time.sleep(chance.uniform(0, 8))
        time.sleep(0.2)
    assert done == count, f"only {done} of {count} kills fell into the study"


def one_chapter(act: Callable[[Trial, Machine, list[Machine]], None]) -> Fault:
    """A fault in the middle of the first run of each chapter."""

    def fault(trial: Trial, head: Machine, machines: list[Machine], chance: random.Random, count: int) -> None:
        for chapter in trial.chapters:
            process = trial.command(chapter)
            wait(lambda: trial.begun(machines) or process.poll() is not None, PATIENCE, "a run has begun")  # noqa: B023
            act(trial, head, machines)
            trial.ends(process)

    return fault


def all_gone(trial: Trial, head: Machine, machines: list[Machine]) -> None:
    """All workers end, nannies too, and others come."""
    for machine in machines:
        machine.end()
    time.sleep(5)
    for machine in machines:
        machine.worker(*PRELOAD, **SLOW)


def scheduler_restarted(trial: Trial, head: Machine, machines: list[Machine]) -> None:
    """Its workers end with it, and are started again as a service would."""
    head.end()
    time.sleep(2)
    scheduler(head)
    for machine in machines:
        machine.end()
        machine.worker(*PRELOAD, **SLOW)


def cut(trial: Trial, head: Machine, machines: list[Machine]) -> None:
    """One cable is out for 30 s."""
    machines[0].cut(True)
    time.sleep(30)
    machines[0].cut(False)


def submitter(trial: Trial, head: Machine, machines: list[Machine], chance: random.Random, count: int) -> None:
    """The command is killed in the middle; the next one takes what was finished meanwhile."""
    for chapter in trial.chapters:
        process = trial.command(chapter)
        wait(lambda: trial.begun(machines), PATIENCE, "a run has begun")
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        wait(lambda: bool(kept(machines)), PATIENCE, "a worker has finished what it was at")
        times = {file.parent.name: file.stat().st_mtime for file in kept(machines)}
        trial.ends(trial.command(chapter))
        for key, finished in times.items():
            began = json.loads((trial.store / key / "record.json").read_text())["provenance"]["started"]
            assert began < finished, f"{key} was trained again"


def shared(trial: Trial, head: Machine, machines: list[Machine], chance: random.Random, count: int) -> None:
    """All see the store: runs whose workers are killed go on from their last checkpoints."""
    for chapter in trial.chapters:
        process = trial.command(chapter)
        wait(lambda: halfway(trial.store) or process.poll() is not None, PATIENCE, "a run has a checkpoint")  # noqa: B023
        keys = halfway(trial.store)
        for machine in machines:
            machine.kill()
        killed, keys = time.time(), [key for key in keys if key in halfway(trial.store)]
        trial.ends(process)
        assert keys, "no run was killed between checkpoint and end"
        for key in keys:
            began = json.loads((trial.store / key / "record.json").read_text())["provenance"]["started"]
            assert began < killed, f"{key} began anew"


def halfway(store: Path) -> list[str]:
    """Runs with a checkpoint and no record."""
    return [file.parent.name for file in store.glob("*/checkpoint") if not (file.parent / "record.json").exists()]


def memory(trial: Trial, head: Machine, machines: list[Machine], chance: random.Random, count: int) -> None:
    """Of two workers one may hold 2 GB and needs 3: Dask ends it, and no run is given to it a third time."""
    for machine in [machines[0], *machines[2:]]:
        machine.end()
    small = {**SLOW, "ANATOMY_TEST_BALLAST": str(3 * 10**9)}
    machines[0].worker(*PRELOAD, "--memory-limit", "2GB", **small)
    for chapter in trial.chapters:
        trial.ends(trial.command(chapter))
    refused = re.findall(r"run (\w+) ended 2 times under worker tcp://10\.77\.0\.3", trial.lines())
    assert refused, "no run was refused"
    assert len(refused) == len({*refused}), "a run was given to it again"
    assert not list(machines[0].folder.glob("runs/*/record.json")), "it has finished a run"
    print(f"  runs refused there: {len(refused)}", flush=True)


def kept(machines: list[Machine]) -> list[Path]:
    """Records that were not handed back yet."""
    return [file for machine in machines for file in machine.folder.glob("runs/*/record.json")]


FAULTS: dict[str, Fault] = {
    "kills": kills,
    "all gone": one_chapter(all_gone),
    "scheduler": one_chapter(scheduler_restarted),
    "cut": one_chapter(cut),
    "submitter": submitter,
    "memory": memory,
    "shared": shared,
}


def alone(chapters: list[str], store: Path) -> dict[str, Any]:
    """The tables of the chapters, trained in this process."""
    from anatomy.study.study import Study
    from tiny import Here

    for chapter in chapters:
        Study(chapter, preset="smoke", store=str(store)).train(executor=Here(), say=lambda text: None)
    return study_tables(store)


def tried(name: str, chapters: list[str], workers: int, expected: dict[str, Any], seed: int, kill: int) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        trial = Trial(chapters, folder, expected)
        hidden = None if name == "shared" else folder / "seen"
        with network(workers, folder / "machines", hidden) as (head, machines):
            scheduler(head)
            for machine in machines:
                machine.worker(*PRELOAD, **SLOW)
            FAULTS[name](trial, head, machines, random.Random(seed), kill)
        trial.check()
        lost = trial.lines().count("is gone;")
        print(f"  workers lost with a run: {lost}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--chapters", default="dictionary_size,vector_decomposition,score_visualization,normalization")
    parser.add_argument("--only", default=",".join(FAULTS), help=", ".join(FAULTS))
    given = parser.parse_args()
    if why := privilege():
        print(f"skipped: {why}")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # namespaces must not stay
    chapters, failed = given.chapters.split(","), 0
    with tempfile.TemporaryDirectory() as folder:
        expected = alone(chapters, Path(folder) / "runs")
        first = alone(chapters[:1], Path(folder) / "first")
    for name in given.only.split(","):
        began = time.monotonic()
        print(f"{name}: {FAULTS[name].__doc__ or ''}", flush=True)
        of = (chapters, expected) if name == "kills" else (chapters[:1], first)
        try:
            tried(name, *of[:1], given.workers, of[1], given.seed, given.kills)
        except (AssertionError, subprocess.TimeoutExpired) as error:
            failed += 1
            print(f"  failed: {error}", flush=True)
        else:
            print(f"  equal bit for bit, {len(of[1])} runs, {time.monotonic() - began:.0f} s", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
