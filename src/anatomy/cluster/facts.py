"""What a worker says of itself, before it is given anything: code, versions, processor, data, room."""

import os
import platform
import shutil
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from anatomy import data
from anatomy.cluster import scratch
from anatomy.data.memory import free_bytes
from anatomy.errors import InputError
from anatomy.hardware.machine import Machine, cores, cpu_model
from anatomy.runs.source import package_digest

Found = tuple[str, str | None]
# Held where source is parsed: a worker may have several threads, and CPython 3.11 fails ("AST constructor recursion depth
# mismatch") where one parses while a collection of garbage in another runs Python code, as Dask's own does.
PARSING = Lock()


@dataclass(frozen=True)
class Question:
    """What the submitting command wants to know."""

    dataset: str
    digest: str  # of the data set
    data_root: str | None  # its own folder, which may be there too
    device: str
    store: str  # its store, which may be there too
    token: str  # name of a file that lies in it now


@dataclass(frozen=True)
class Facts:
    """Of one worker. Plain values, so that nothing of ours must be there to read them."""

    host: str
    code: str  # digest of the package
    python: str
    torch: str
    dask: str
    cpu: str
    gpu: str  # the card's name, or nothing
    device: str  # cpu, cuda, or why the one asked for is not there
    cores: int
    threads: int  # tasks at a time that Dask would give it
    memory: int  # bytes free
    disk: int  # bytes free where its runs lie
    shared: bool  # whether the submitter's store is seen there
    data: str  # digest of the data set, or nothing
    data_root: str | None
    nanny: str  # which outlives the process, or the process's own address


def facts(question: Question) -> Facts:
    """Called on the worker."""
    import distributed
    import torch

    worker = distributed.get_worker()
    device, gpu = _device(question.device)
    found, data_root = _data(question)
    return Facts(
        host=socket.gethostname(),
        code=code(),
        python=platform.python_version(),
        torch=torch.__version__,
        dask=distributed.__version__,
        cpu=cpu_model(),
        gpu=gpu,
        device=device,
        cores=cores(),
        threads=worker.state.nthreads,
        memory=free_bytes() or 0,
        disk=_free_disk(),
        shared=(Path(question.store) / question.token).is_file(),
        data=found,
        data_root=data_root,
        nanny=str(worker.nanny or worker.address),
    )


def code() -> str:
    """The digest of the package, read once in a process."""
    with PARSING:
        return package_digest()


def _device(asked: str) -> tuple[str, str]:
    try:
        machine = Machine(asked).resolved()
    except InputError as error:
        return str(error), ""
    return machine.device.partition(":")[0], machine.gpu


def _data(question: Question) -> Found:
    """(digest, data_root) of the first place with the same data set: the worker's own folder, the submitter's, what
    was sent; else of one of that name, or nothing."""
    if question.dataset == data.EMBEDDED:
        return data.digest(question.dataset), None
    sent = scratch.data_folder(question.digest)
    other: Found = ("", None)
    for place in filter(None, [os.environ.get("ANATOMY_DATA_ROOT"), question.data_root, str(sent)]):
        with suppress(InputError, OSError):
            if (Path(place) / f"{question.dataset}.npz").is_file() or (Path(place) / question.dataset).is_dir():
                found = data.digest(question.dataset, place)
                if found == question.digest:
                    return found, place
                other = found, place
    return other


def _free_disk() -> int:
    place = scratch.root().absolute()
    return shutil.disk_usage(next(p for p in (place, *place.parents) if p.exists())).free
