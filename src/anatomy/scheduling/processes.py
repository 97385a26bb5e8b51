"""Worker processes: how they start, when they end, and how a dead one is reported.

They are spawned, never forked (a fork can hang after torch has used OpenMP), and end when the process that started them
does: each waits on a pipe whose other end that process alone holds. An event would count the waiting workers, and one
that is killed while it waits would block it for ever.
"""

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import wraps
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any, ParamSpec, TypeVar, cast

from anatomy.errors import InputError, RunFailed
from anatomy.hardware.machine import Machine
from anatomy.scheduling.limits import lack_of_memory

Given = ParamSpec("Given")
Result = TypeVar("Result")
Work = TypeVar("Work", bound=Callable[..., object])  # of a task, and perhaps options


class Workers(ProcessPoolExecutor):
    """`count` processes, each started when there is work for it; all end where the `with` block is left by an error."""

    def __init__(self, count: int, threads: int) -> None:
        context = get_context("spawn")
        self.read_end, self.write_end = context.Pipe(duplex=False)
        super().__init__(count, context, start, (threads, self.read_end))

    def submit(self, function: Callable[Given, Result], /, *given: Given.args, **named: Given.kwargs) -> Future[Result]:
        try:
            with undisturbed():
                future = super().submit(function, *given, **named)
            # The executor's thread looks after the workers that it knew when it last woke: before one was started here.
            with self._shutdown_lock:
                self._executor_manager_thread_wakeup.wakeup()
            return future
        except (BrokenExecutor, OSError) as error:  # a worker died since the last call, or while another was started
            if not self._broken:
                raise
            failed: Future[Result] = Future()
            failed.set_exception(BrokenProcessPool(str(error)))
            return failed

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        try:
            # Ctrl-C too: the workers' runs go on from their checkpoints at the next call. Where one died, `shutdown`
            # waits for one that was starting then too, but has not ended it as the others.
            if kind is not None or self._broken:
                self.write_end.close()
            self.shutdown(wait=True, cancel_futures=True)
        finally:
            self.write_end.close()
            self.read_end.close()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Processes started here never see Ctrl-C, and do not run the caller's script again.

    They inherit the signal mask. And they would import `__main__`, which costs seconds and, in a script without a
    guard, starts more processes; our workers need nothing of it.
    """
    main, mask = sys.modules["__main__"], signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def start(threads: int, parent: Connection) -> None:
    """Set up a worker process: its threads, and its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the parent says what happened, and ends us
    os.environ["OMP_NUM_THREADS"] = str(threads)

    def watch() -> None:
        parent.poll(None)  # nothing is ever sent: it returns when the other end is closed
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def pool(
    executor: Executor | None, workers: int | None, machine: Machine, deadline: float | None = None
) -> Iterator[tuple[Executor, int, Machine]]:
    """The executor to use, how many runs it trains at once, and the machine with its device found.

    The device decides how many run at once. To find it takes torch, which a worker has to import anyway and this
    process does not: one worker is asked, before others start.
    """
    if executor is not None:
        machine = resolved(machine, executor, deadline)
        yield executor, workers or machine.runs_at_once(), machine
        return
    count = workers or machine.runs_at_once()
    with Workers(count, machine.threads) as own:
        machine = resolved(machine, own, deadline)
        if count == (workers or machine.runs_at_once()):
            yield own, count, machine
            return
    count = machine.runs_at_once()  # `auto` was a GPU: not as many as there are cores
    with Workers(count, machine.threads) as own:
        yield own, count, machine


def resolved(machine: Machine, processes: Executor, deadline: float | None) -> Machine:
    """The machine with its device found; InputError if there is none of that name."""
    return machine if machine.device == "cpu" else results([processes.submit(Machine.resolved, machine)], deadline)[0]


def results(futures: Sequence[Future[Result]], deadline: float | None) -> list[Result]:
    """The results of workers; their first error, or TimeoutError at the deadline.

    InputError and OSError (TimeoutError is one) are raised as they are, everything else as RunFailed in one sentence.
    """
    done, waiting = wait(futures, None if deadline is None else max(0.0, deadline - time.time()), FIRST_EXCEPTION)
    for error in (future.exception() for future in done):
        if isinstance(error, InputError | OSError):
            raise error
        if error is not None:
            raise RunFailed(f"{why(error)}; what is finished is kept, and the same command goes on") from error
    if waiting:
        for future in waiting:
            future.cancel()
        raise TimeoutError("stopped by the time limit")
    return [future.result() for future in futures]


def in_one_sentence(work: Work) -> Work:
    """Wrap a worker's task, so that its errors come back as one of our own sentences.

    An error of another kind may not survive pickling, and then all workers end.
    """

    @wraps(work)
    def wrapped(task: Any, **options: object) -> Any:  # a `worker.Task`, which this module cannot import
        try:
            return work(task, **options)
        except (InputError, RunFailed, OSError):
            raise
        except Exception as error:
            lack = lack_of_memory(error, task.run, task.machine.device)
            raise RunFailed(lack or f"{one_line(error)} ({place(error)})") from error

    return cast(Work, wrapped)


def why(error: BaseException) -> str:
    """A worker's error as text."""
    if isinstance(error, BrokenExecutor):
        return "its process ended (killed, or out of memory)"
    return str(error) if isinstance(error, RunFailed) else one_line(error)


def one_line(error: BaseException) -> str:
    """The kind of an error, and the first line of what it says."""
    return f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}".rstrip(": ")


def place(error: Exception) -> str:
    """File and line, the innermost that is not a library's."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "lib/python" not in frame.filename] or list(frames)
    return f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}"
