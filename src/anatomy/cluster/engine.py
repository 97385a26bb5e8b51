"""The one file that starts or reaches Dask: a client for a place, and its errors in our words."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from inspect import signature
from typing import TYPE_CHECKING, TypeVar, cast
from uuid import uuid4

from anatomy.cluster.address import Place
from anatomy.errors import InputError, nearest
from anatomy.scheduling.processes import undisturbed
from anatomy.settings import Settings

if TYPE_CHECKING:
    from distributed import Client, Future
    from distributed.deploy import Cluster

Result = TypeVar("Result")
INSTALL = "make cluster (or pip install 'anatomy[cluster]')"
ANSWER = 10  # seconds in which a scheduler must answer
# A connection that is silent for so long is given up: longer than a cable is pulled by mistake.
PATIENCE = {
    "distributed.comm.timeouts.tcp": "120s",
    "distributed.comm.timeouts.connect": f"{ANSWER}s",
    "distributed.scheduler.worker-ttl": "10 minutes",
    "distributed.admin.low-level-log-length": 0,
    "distributed.worker.profile.enabled": False,  # it looks at the stack every 10 ms
    "distributed.worker.daemon": False,  # a compiled step starts processes, which a daemon may not
}


def check_installed() -> None:
    """InputError where the extra is not installed."""
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise InputError(f"cluster needs Dask, which is not installed here; install it with {INSTALL}") from None


class Engine:
    """A cluster, as we use it: functions with their arguments to one worker each, and who works."""

    def __init__(self, place: Place, client: "Client") -> None:
        self.place, self.client, self.count = place, client, 0

    @property
    def dashboard(self) -> str:
        return self.client.dashboard_link or ""

    @property
    def broken(self) -> bool:
        """Whether the scheduler is gone for good, and a new connection is needed."""
        return self.client.status not in ("running", "connecting")

    def threads(self) -> dict[str, int]:
        """Tasks at a time of every worker that is here, by address; none while the scheduler does not answer."""
        with suppress(OSError, TimeoutError, ValueError, AttributeError):  # the connection ended meanwhile
            return dict(self.client.nthreads()) if self.client.status == "running" else {}
        return {}

    def submit(self, function: Callable[..., object], *given: object, worker: str) -> "Future":
        """The function's call on this worker; it is not moved, retried or taken for another call."""
        self.count += 1
        key = f"{function.__name__}-{self.count}-{uuid4().hex[:8]}"
        options = {"key": key, "workers": [worker], "pure": False, "retries": 0, "allow_other_workers": False}
        return self.client.submit(function, *given, **options)

    def on_each(
        self, function: Callable[..., Result], *given: object, workers: Iterable[str], within: float
    ) -> dict[str, Result | Exception]:
        """What the function gives back, or its exception, by worker; TimeoutError for one that does not answer."""
        asked = {self.submit(function, *given, worker=worker): worker for worker in workers}
        over, here = time.monotonic() + within, self.threads()
        while waiting := [future for future in asked if not future.done()]:
            if time.monotonic() > over or not {asked[future] for future in waiting} & here.keys():
                break
            time.sleep(0.05)
            here = self.threads()
        results: dict[str, Result | Exception] = {}
        for future, worker in asked.items():
            late = f"no answer within {within:.0f} s" if worker in here else "it is gone"
            results[worker] = cast(Result | Exception, result_of(future)) if future.done() else TimeoutError(late)
            self.cancel(future)
        return results

    def cancel(self, future: "Future") -> None:
        """Forget a call; a connection that is gone has forgotten it."""
        with suppress(Exception):
            self.client.cancel([future])

    def send(self, content: bytes, workers: list[str]) -> "Future":
        """Bytes in the memory of these workers, passed on among them."""
        return self.client.scatter(content, workers=workers, broadcast=True, hash=False)

    def reopen(self) -> None:
        """Connect anew to a scheduler at the same address. InputError while there is none."""
        client = connected(self.place)
        self.client.close(timeout=1)
        self.client = client


def result_of(future: "Future") -> object:
    """Its result, or what went wrong, as a value."""
    try:
        return future.result(timeout=60)
    except Exception as error:  # the worker's, Dask's, or a result that was lost with its worker
        return error


@contextmanager
def opened(place: Place) -> Iterator[Engine]:
    """The cluster, started or found; what was started ends with the block. InputError where there is none."""
    check_installed()
    import dask

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters of it, we say
    with ExitStack() as stack:
        stack.enter_context(dask.config.set(PATIENCE))
        if place.kind == "scheduler":
            engine = Engine(place, connected(place))
        else:
            cluster = stack.enter_context(started(place))
            engine = Engine(place, client_of(cluster))
        try:
            yield engine
        finally:
            engine.client.close(timeout=5)


def connected(place: Place) -> "Client":
    """A client of a scheduler that runs. InputError if none answers, or if its Dask is another."""
    from distributed import Client
    from distributed.security import Security

    names = {"ca_file": "tls_ca_file", "cert": "tls_client_cert", "key": "tls_client_key"}
    security = Security(require_encryption=True, **{names[name]: str(file) for name, file in place.tls.items()})
    try:
        return Client(place.address, timeout=ANSWER, security=security if place.tls else None, set_as_default=False)
    except (OSError, TimeoutError, ValueError, RuntimeError, TypeError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            f"no Dask scheduler answers at {place.address} within {ANSWER} s ({why}); start one with `dask scheduler`"
        ) from None


def client_of(cluster: "Cluster") -> "Client":
    from distributed import Client

    return Client(cluster, timeout=60, set_as_default=False)


@contextmanager
def started(place: Place) -> Iterator["Cluster"]:
    """A cluster that we start. Its processes do not run the caller's script again, nor see Ctrl-C (`undisturbed`)."""
    maker, options = class_of(place.kind), dict(place.options)
    if place.kind == "local":
        options |= {"n_workers": place.workers, "threads_per_worker": 1, "host": "127.0.0.1", "memory_limit": 0}
        options |= {"dashboard_address": "127.0.0.1:0", "silence_logs": logging.CRITICAL}
    elif place.kind == "ssh":
        options["hosts"] = list(place.hosts)
    check_options(place.kind, maker, place.options)
    try:
        with undisturbed():
            cluster = maker(**options)
    except InputError:
        raise
    except Exception as error:  # whatever Dask, asyncssh or the queue's own programs raise
        raise InputError(f"cluster of kind {place.kind} cannot be started: {error}") from None
    with cluster:
        if place.kind in ("slurm", "pbs"):
            cluster.scale(jobs=place.workers)
        yield cluster


def class_of(kind: str) -> "type[Cluster]":
    """Dask's own class, or function, that starts a cluster of this kind."""
    import distributed

    if kind in ("slurm", "pbs"):
        import dask_jobqueue

        return cast("type[Cluster]", dask_jobqueue.SLURMCluster if kind == "slurm" else dask_jobqueue.PBSCluster)
    return cast("type[Cluster]", distributed.LocalCluster if kind == "local" else distributed.SSHCluster)


def check_options(kind: str, maker: "type[Cluster]", options: Settings) -> None:
    """InputError for an option that Dask's class of this kind does not take."""
    takers = [maker]
    if kind in ("slurm", "pbs"):
        from dask_jobqueue.core import Job, JobQueueCluster

        takers = [maker, maker.job_cls.__init__, JobQueueCluster.__init__, Job.__init__]
    known = {name for taker in takers for name in signature(taker).parameters} - {"self", "kwargs", "job_kwargs"}
    for name in options:
        if name not in known:
            raise InputError(f"unknown option {name!r} of kind {kind}; {nearest(name, known)}")
