"""Worker processes: what they inherit, when they end, and what is said of one that died."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from multiprocessing import active_children
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from anatomy.errors import InputError, RunFailed
from anatomy.hardware import machine
from anatomy.hardware.machine import Machine
from anatomy.scheduling import processes
from anatomy.scheduling.processes import Workers, in_one_sentence, pool, results
from tiny import Here, cards, one_line, tiny

linux = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no /proc here")


def failed(error: BaseException) -> Future:
    future: Future = Future()
    future.set_exception(error)
    return future


# --- the end


def test_a_killed_worker_is_a_sentence_and_holds_nobody_up() -> None:
    """Its watch was in its wait; an event would wait for it to wake."""
    began = time.monotonic()

    def killed() -> None:
        with Workers(2, 1) as own:
            first = own.submit(os.getpid).result()
            sleeping = [own.submit(time.sleep, 100) for _ in range(2)]
            os.kill(first, signal.SIGKILL)
            results(sleeping, None)

    with pytest.raises(RunFailed) as said:
        killed()
    assert "its process ended (killed, or out of memory)" in one_line(str(said.value))
    assert time.monotonic() - began < 60
    assert active_children() == []


def test_a_worker_that_was_started_last_and_is_killed_is_noticed_at_once() -> None:
    """Python's executor looks after those that it knew when it last woke, and wakes before it starts another."""
    with pytest.raises(RunFailed, match="its process ended"), Workers(2, 1) as own:  # noqa: PT012
        busy = own.submit(time.sleep, 100)
        known, start_another = {child.pid for child in active_children()}, own._spawn_process
        own._spawn_process = lambda: (time.sleep(1), start_another())  # by then that thread sleeps again
        sleeping = own.submit(time.sleep, 100)
        (last,) = {child.pid for child in active_children()} - known
        time.sleep(1)
        os.kill(last, signal.SIGKILL)
        results([busy, sleeping], time.time() + 20)
    assert active_children() == []


STARTING = """
import os, signal, sys, time
from anatomy.scheduling.processes import Workers
with Workers(2, 1) as own:
    first = own.submit(os.getpid).result()
    own._idle_worker_semaphore.acquire()  # as if it had work: the next call starts another
    known, start_another = own._processes, own._spawn_process
    def kill_the_first():
        time.sleep(1)  # it waits for work, at a lock that nobody opens now
        os.kill(first, signal.SIGKILL)
        while not own._broken:
            time.sleep(0.01)
        time.sleep(1)  # by then the executor has ended the workers that it knew, and waits for the lock of `submit`
    def killed_meanwhile():
        if sys.argv[1] == "before":
            kill_the_first()
        own._processes = {}
        start_another()
        if sys.argv[1] == "after":
            kill_the_first()
        known.update(own._processes)
        own._processes = known
    own._spawn_process = killed_meanwhile
    own.submit(os.getpid)
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_that_was_starting_when_another_was_killed_holds_nobody_up(moment: str) -> None:
    """Python's executor ends the others at once, and then waits for this one too, whom nobody told to end."""
    subprocess.run([sys.executable, "-c", STARTING, moment], check=True, timeout=30)


def test_what_is_asked_of_dead_workers_fails_as_they_did() -> None:
    with Workers(1, 1) as own:
        os.kill(own.submit(os.getpid).result(), signal.SIGKILL)
        with pytest.raises(RunFailed, match="its process ended"):
            results([own.submit(time.sleep, 100)], None)
        with pytest.raises(RunFailed, match="its process ended"):
            results([own.submit(os.getpid)], None)


def test_an_error_ends_workers_in_the_middle_of_their_work() -> None:
    began = time.monotonic()

    def interrupted() -> None:
        with Workers(1, 1) as own:
            own.submit(os.getpid).result()
            sleeping = own.submit(time.sleep, 100)
            while not sleeping.running():  # what has not begun would only be cancelled
                time.sleep(0.01)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert time.monotonic() - began < 60
    assert active_children() == []


@linux
def test_the_parent_alone_holds_the_end_whose_closing_is_the_signal() -> None:
    """Each worker has one descriptor of the pipe, that which it waits at."""
    with Workers(2, 1) as own:
        pipe = f"pipe:[{os.fstat(own.write_end.fileno()).st_ino}]"
        for each in [own.submit(time.sleep, 0.5), own.submit(time.sleep, 0.5)]:
            each.result()
        assert len(active_children()) == 2
        for child in active_children():
            held = [str(descriptor.readlink()) for descriptor in Path(f"/proc/{child.pid}/fd").iterdir()]
            assert held.count(pipe) == 1


# --- the start


def test_ctrl_c_is_not_for_workers() -> None:
    with Workers(1, 1) as own:
        assert signal.SIGINT in own.submit(signal.pthread_sigmask, signal.SIG_BLOCK, ()).result()
        assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_a_process_is_started_only_when_there_is_work_for_it() -> None:
    with Workers(16, 1) as own:
        own.submit(os.getpid).result()
        own.submit(os.getpid).result()
        assert len(active_children()) == 1


UNGUARDED = """
import os
from anatomy.scheduling.processes import Workers
print("run as", __name__)
with Workers(1, 1) as own:
    print(own.submit(os.getppid).result() == os.getpid())
"""


def test_a_script_needs_no_guard(tmp_path: Path) -> None:
    """Workers do not import it: it is run once, and not by processes that would start others in their turn."""
    script = tmp_path / "unguarded.py"
    script.write_text(UNGUARDED)
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60)
    assert (done.stdout.splitlines(), done.stderr) == (["run as __main__", "True"], "")


# --- the device


class Started(Here):
    """Does the work in this process, and is remembered by its number of workers."""

    counts: list[int] = []

    def __init__(self, count: int, threads: int) -> None:
        self.counts.append(count)


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    monkeypatch.setattr(processes, "Workers", Started)
    monkeypatch.setattr(machine, "cores", lambda: 16)
    monkeypatch.setattr(Started, "counts", [])
    return Started.counts


@pytest.mark.parametrize(
    ("device", "count", "workers", "started"),
    [
        ("auto", 1, None, [16, 1]),  # of the sixteen only the first, which finds the card
        ("auto", 0, None, [16]),
        ("auto", 1, 3, [3]),  # as asked for
        ("cuda", 1, None, [1]),
        ("cuda:1", 2, None, [1]),
        ("cpu", 1, None, [16]),
        ("cpu", 1, 2, [2]),
    ],
)
def test_one_run_at_a_time_on_a_card(
    device: str,
    count: int,
    workers: int | None,
    started: list[int],
    counts: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cards(count, monkeypatch)
    with pool(None, workers, Machine(device)) as (_, at_once, found):
        assert counts == started
        assert at_once == started[-1]
        assert found.device == {"auto": "cuda" if count else "cpu"}.get(device, device)


def test_a_device_that_is_not_there_is_rejected_by_the_first_worker(
    counts: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    cards(2, monkeypatch)
    with pytest.raises(InputError, match="'cuda:2'.*last GPU here is cuda:1"), pool(None, None, Machine("cuda:2")):
        pytest.fail("it was found")


def test_an_executor_of_the_callers_own_finds_the_device_too(monkeypatch: pytest.MonkeyPatch) -> None:
    cards(1, monkeypatch)
    own = ThreadPoolExecutor(1)
    with pool(own, None, Machine("auto")) as (executor, count, found):
        assert (executor, count, found.gpu) == (own, 1, "Card 0")


# --- what is said


def test_results_in_their_order() -> None:
    with ThreadPoolExecutor(2) as two:
        assert results([two.submit(time.sleep, 0.05), two.submit(int, "7")], None) == [None, 7]
    assert results([], None) == []


@pytest.mark.parametrize("error", [InputError("wrong"), OSError(28, "full"), TimeoutError("late")])
def test_errors_that_are_raised_as_they_are(error: Exception) -> None:
    with pytest.raises(type(error)) as raised:
        results([failed(error)], None)
    assert raised.value is error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BrokenExecutor("A process in the process pool was terminated abruptly"), "its process ended (killed, or out"),
        (RunFailed("the loss became nan"), "the loss became nan; what is finished is kept"),
        (KeyError("rows"), "KeyError: 'rows'; what"),
        (ValueError("one\ntwo"), "ValueError: one; what"),
        (ValueError(), "ValueError; what"),
        (SystemExit(3), "SystemExit: 3; what"),
    ],
)
def test_every_other_error_is_one_sentence(error: BaseException, said: str) -> None:
    with pytest.raises(RunFailed) as raised:
        results([failed(error)], None)
    assert one_line(str(raised.value)).startswith(said)


def test_nobody_is_waited_for_beyond_the_time_limit() -> None:
    with ThreadPoolExecutor(1) as one:
        futures = [one.submit(time.sleep, 0.5), one.submit(time.sleep, 0.5)]
        with pytest.raises(TimeoutError):
            results(futures, time.time() + 0.1)
        assert futures[1].cancelled()


class Unpicklable(Exception):
    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def raising(error: Exception) -> Callable[..., Any]:
    def work(task: object) -> None:
        raise error

    return work


TASK = SimpleNamespace(run=tiny(), machine=Machine("cpu"))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Unpicklable(1, 2), "Unpicklable: 1 and 2 (test_processes.py, line "),
        (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero (test_processes.py, line "),
        (
            MemoryError("Unable to allocate 4.66 TiB for an array"),
            "simco on resnet8 with batch_size 32 and size 16 needs 5,123.7 GB of memory in one piece, and ",
        ),
    ],
)
def test_a_worker_answers_with_our_own_errors(error: Exception, said: str) -> None:
    with pytest.raises(RunFailed) as raised:
        in_one_sentence(raising(error))(TASK)
    assert one_line(str(raised.value)).startswith(said)


def test_a_workers_own_sentences_are_left_alone() -> None:
    for error in (InputError("wrong"), RunFailed("failed"), TimeoutError("late")):
        with pytest.raises(type(error)) as raised:
            in_one_sentence(raising(error))(TASK)
        assert raised.value is error


# --- the command line


INTERRUPTED = """
import importlib.abc, os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored, where the tests run in the background of a shell
sys.dont_write_bytecode = True
number, at = int(sys.argv.pop(1)), sys.argv.pop(1)
class Interrupt(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "anatomy.runs.config":
            strike()
def strike(*given):
    os.kill(os.getpid(), number)
    time.sleep(30)
from anatomy.__main__ import main
if at == "imports":
    sys.meta_path.insert(0, Interrupt())
else:
    from anatomy.cli import status
    status.main = strike if at == "work" else lambda known, rest: 0
code = main()
if at == "end":
    os.kill(os.getpid(), number)
sys.exit(code)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("at", ["imports", "work"])
def test_a_command_that_is_stopped_says_so_at_any_time(number: signal.Signals, at: str) -> None:
    script = [sys.executable, "-c", INTERRUPTED, str(int(number)), at, "status"]
    done = subprocess.run(script, capture_output=True, text=True, timeout=60)
    assert one_line(done.stderr) == "anatomy: stopped; what was finished is kept, and the same command goes on"
    assert (done.returncode, done.stdout) == (1, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_stopped_when_it_has_finished_has_finished(number: signal.Signals) -> None:
    """The interpreter's end puts back the default of each signal that is answered, and dies by it."""
    script = [sys.executable, "-c", INTERRUPTED, str(int(number)), "end", "status"]
    done = subprocess.run(script, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_signal_that_the_caller_ignores_stays_ignored() -> None:
    """As nohup does, and a shell for what runs in its background."""
    script = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); from anatomy.signals import answer, leave; "
    script += "answer(leave); print(signal.getsignal(signal.SIGINT).name, signal.getsignal(signal.SIGTERM).__name__)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout == "SIG_IGN leave\n"
