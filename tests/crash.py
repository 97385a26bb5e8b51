"""Kill a study again and again: it goes on where it was, and ends with the numbers of an unbroken run.

    python tests/crash.py --kills 20 --seed 0

Each round begins with an empty store and starts `anatomy study dictionary_size --preset smoke` until it finishes. It is
ended at a random moment. SIGKILL hits the whole process group, the parent, one worker alone, any of these while steps
are timed, or, in a process that trains by itself, the time between the bytes of a file and its name (a random fsync);
a signal that asks (Ctrl-C to the group, SIGTERM to the parent) is the sixth kind. Whatever lives on must end by itself,
soon, with exit code 1 and one sentence. Rounds follow until all kills are done; after each the tables of all records
are compared with the unbroken ones, bit for bit. Exit code 1 if any differs.
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
from contextlib import suppress
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src")]

KINDS = ("group", "parent", "one worker", "timing", "inside a write", "a signal")
PATIENCE = 300  # seconds that an undisturbed study may take
OF_TIME = {"defense_costs", "loss_costs", "step_time"}  # measures whose tables are seconds
SOON = 60  # seconds in which what is left of a struck one must have ended; a second or two, where nothing else runs

# A study in one process, killed at the n-th fsync: the file is written, or half written, and has no name yet.
INSIDE = """
import os, signal, sys
from anatomy.study.study import Study
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
    """Tables of every finished run, as JSON holds them, by key; without those of times, which no two runs share."""
    from anatomy.storage.store import Store

    records = {key: record for key in Store(store).keys() if (record := Store(store).record(key)) is not None}
    return {
        key: {name: table for name, table in record["tables"].items() if name not in OF_TIME}
        for key, record in records.items()
    }


def unbroken(store: Path) -> dict[str, Any]:
    """The tables of a study that nobody disturbs, trained in this process."""
    from anatomy.study.study import Study
    from tiny import Here

    Study("dictionary_size", preset="smoke", store=str(store)).train(executor=Here(), say=lambda text: None)
    return study_tables(store)


def start(store: Path, kind: str, chance: random.Random) -> subprocess.Popen[bytes]:
    """The study as a process group of its own; what it says goes to a file beside the store."""
    arguments = ["-m", "anatomy", "study", "dictionary_size", "--preset", "smoke", "--store", str(store)]
    arguments += ["--workers", str(chance.randint(1, 2))]
    if kind == "inside a write":  # a run has four: checkpoint and folder, record and folder
        arguments = ["-c", INSIDE, str(store), str(chance.randint(1, 10))]
    paths = os.pathsep.join([str(HERE.parent / "src"), str(HERE)])
    environment = {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have had it ignored
    with said_by(store).open("wb") as said:
        return subprocess.Popen(
            [sys.executable, *arguments],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )


def said_by(store: Path) -> Path:
    return store.with_name("said")


def strike(process: subprocess.Popen[bytes], store: Path, kind: str, chance: random.Random) -> bool:
    """End it at a random moment; whether that was before it finished. AssertionError if anything lives on."""
    if kind == "inside a write":
        return process.wait(PATIENCE) == -signal.SIGKILL
    wait_for_moment(process, store, kind, chance)
    code = hit(process, chance.choice(KINDS[:3]) if kind == "timing" else kind, chance)
    until(lambda: not group(process.pid), SOON)
    left, said = group(process.pid), said_by(store).read_text()
    assert not left, f"{SOON} s after {kind} was struck there are still {left}"
    assert "Traceback" not in said, said
    if code == 1:
        assert said.splitlines()[-1].startswith("anatomy: "), said
    assert code in (0, 1, -signal.SIGKILL), f"{kind}: exit code {code}; {said}"
    return code != 0


def wait_for_moment(process: subprocess.Popen[bytes], store: Path, kind: str, chance: random.Random) -> None:
    """Half of the moments are of the whole time, half of the short time in which it writes: most of it is start-up.

    While steps are timed there are workers, but no folder yet; a signal is answered once Python itself has started.
    """
    before, late = files(store), chance.random() < 0.5
    if kind in ("timing", "one worker", "a signal"):
        until(lambda: bool(workers(process.pid)) or process.poll() is not None, PATIENCE)
    if kind == "timing":
        until(lambda: store.exists() or process.poll() is not None, chance.uniform(0, 10))
    elif late:
        until(lambda: files(store) != before or process.poll() is not None, PATIENCE)
        until(lambda: process.poll() is not None, chance.uniform(0, 3))
    else:
        until(lambda: process.poll() is not None, chance.uniform(0, 20))


def hit(process: subprocess.Popen[bytes], kind: str, chance: random.Random) -> int:
    """The exit code of the parent."""
    alive = workers(process.pid) if kind == "one worker" else []
    if kind == "group":
        send(lambda: os.killpg(process.pid, signal.SIGKILL))
    elif kind == "parent":
        process.kill()
    elif kind == "a signal" and chance.random() < 0.5:
        process.terminate()
    elif kind == "a signal":
        send(lambda: os.killpg(process.pid, signal.SIGINT))
    elif alive:
        send(lambda: os.kill(chance.choice(alive), signal.SIGKILL))
    try:
        return process.wait(SOON if alive or kind != "one worker" else PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise AssertionError(f"{SOON} s after {kind} was struck the command still waits") from None


def send(signal_of: Callable[[], None]) -> None:
    with suppress(ProcessLookupError):  # it has just ended
        signal_of()


def until(true: Callable[[], bool], seconds: float) -> None:
    over = time.monotonic() + seconds
    while not true() and time.monotonic() < over:
        time.sleep(0.01)


def processes() -> list[tuple[int, int, int, str]]:
    """(number, parent, group, command) of every process that is not a zombie."""
    command = ["ps", "-A", "-ww", "-o", "pid=,ppid=,pgid=,stat=,args="]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 4) for line in listed.splitlines()]
    return [(int(row[0]), int(row[1]), int(row[2]), row[-1]) for row in rows if row[3][0] != "Z"]


def group(number: int) -> list[str]:
    """Commands of a process group."""
    return [command for _, _, of, command in processes() if of == number]


def workers(parent: int) -> list[int]:
    return [number for number, of, _, command in processes() if of == parent and "spawn_main" in command]


def files(store: Path) -> list[str]:
    return sorted(str(file) for file in store.rglob("*"))


def command(store: Path) -> None:
    """Let the study finish undisturbed."""
    code = start(store, "undisturbed", random.Random(0)).wait(PATIENCE)
    assert code == 0, f"the study ended with {code}: {said_by(store).read_text()}"


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
    parser.add_argument("--kills", type=int, default=20, help="default 20; make crash does 200")
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
