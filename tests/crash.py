"""Kill a study again and again: it goes on where it was, and ends with the numbers of an unbroken run.

    python tests/crash.py --kills 20 --seed 0

Each round begins with an empty store and starts `anatomy study dictionary_size --preset smoke` until it finishes. It is
killed with SIGKILL at a random moment: the whole process group, or only the parent, or, in a process that trains by
itself, between the bytes of a file and its name (at a random fsync). Rounds follow until all kills are done; after each
the tables of all records are compared with the unbroken ones, bit for bit. Exit code 1 if any differs.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src")]

KINDS = ("group", "parent", "inside a write")
PATIENCE = 300  # seconds that an undisturbed study may take

# A study in one process, killed at the n-th fsync: the file is written, or half written, and has no name yet.
INSIDE = """
import os, signal, sys
from anatomy.study import Study
from tiny import Here
left, fsync = int(sys.argv[2]), os.fsync
def count(descriptor):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    fsync(descriptor)
os.fsync = count
Study("dictionary_size", preset="smoke", store=sys.argv[1]).train(executor=Here())
"""


def study_tables(store: Path) -> dict[str, Any]:
    """Tables of every finished run, as JSON holds them, by key."""
    from anatomy.store import Store

    found = {key: Store(store).record(key) for key in Store(store).keys()}
    return {key: record["tables"] for key, record in found.items() if record is not None}


def unbroken(store: Path) -> dict[str, Any]:
    """The tables of a study that nobody disturbs, trained in this process."""
    from anatomy.study import Study
    from tiny import Here

    Study("dictionary_size", preset="smoke", store=str(store)).train(executor=Here(), say=lambda text: None)
    return study_tables(store)


def start(store: Path, kind: str, chance: random.Random) -> subprocess.Popen[bytes]:
    """The study as a process group of its own."""
    arguments = ["-m", "anatomy.cli", "study", "dictionary_size", "--preset", "smoke", "--store", str(store)]
    if kind == "inside a write":  # a run has four: checkpoint and folder, record and folder
        arguments = ["-c", INSIDE, str(store), str(chance.randint(1, 10))]
    paths = os.pathsep.join([str(HERE.parent / "src"), str(HERE)])
    environment = {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        [sys.executable, *arguments], env=environment, stdout=quiet, stderr=quiet, start_new_session=True
    )


def strike(process: subprocess.Popen[bytes], store: Path, kind: str, chance: random.Random) -> bool:
    """Kill it at a random moment; whether it was killed before it finished.

    Half of the moments are of the whole time, half of the short time in which it writes: most of it is start-up.
    """
    if kind == "inside a write":
        return process.wait(PATIENCE) == -signal.SIGKILL
    before, began = files(store), time.monotonic()
    late = chance.random() < 0.5
    while late and files(store) == before and process.poll() is None and time.monotonic() - began < PATIENCE:
        time.sleep(0.01)
    try:
        process.wait(chance.uniform(0, 3 if late else 20))
    except subprocess.TimeoutExpired:
        if kind == "group":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
        return True
    return False


def files(store: Path) -> list[str]:
    return sorted(str(file) for file in store.rglob("*"))


def command(store: Path) -> None:
    """Let the study finish undisturbed."""
    code = start(store, "undisturbed", random.Random(0)).wait(PATIENCE)
    assert code == 0, f"the study ended with {code}"


def rounds(
    kinds: Sequence[str], expected: dict[str, Any], chance: random.Random, finish: Callable[[Path], Any] = command
) -> Iterator[str]:
    """One line a kill and one a finished study. AssertionError where the numbers differ or anything is left over."""
    waiting = list(kinds)
    while waiting:
        with tempfile.TemporaryDirectory() as folder:
            store, finished = Path(folder) / "runs", False
            while not finished and waiting:
                kind, began = waiting.pop(0), time.monotonic()
                killed = strike(start(store, kind, chance), store, kind, chance)
                finished = not killed
                yield f"{kind}: {'killed' if killed else 'finished'} after {time.monotonic() - began:.1f} s, " + (
                    f"{len(study_tables(store))} of {len(expected)} runs finished"
                )
                if not killed:  # it was too quick: this kill is still to be done
                    waiting.insert(0, kind)
            finish(store)
            assert study_tables(store) == expected, "the numbers are not those of the unbroken study"
            left = [name for name in files(store) if name.endswith(".part") or ".damaged" in name]
            assert not left, left
            yield "a study finished with the numbers of the unbroken one"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    chance, began = random.Random(given.seed), time.monotonic()
    kinds = [KINDS[at % len(KINDS)] for at in range(given.kills)]
    chance.shuffle(kinds)
    with tempfile.TemporaryDirectory() as folder:
        expected = unbroken(Path(folder) / "runs")
    try:
        for line in rounds(kinds, expected, chance):
            print(line, flush=True)
    except AssertionError as error:
        print(f"failed: {error}", file=sys.stderr)
        return 1
    print(f"{given.kills} kills in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
