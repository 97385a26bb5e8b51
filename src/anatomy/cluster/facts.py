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
from anatomy.hardware.precision import convolution_seconds, worth_timing
from anatomy.runs.source import package_digest

Found = tuple[str, str | None]
DEVICES = ("cpu", "cuda")
# Held where source is parsed. A worker may have several threads, and CPython 3.11's parser fails in one of them ("AST
# constructor recursion depth mismatch") where garbage is collected in it and others run meanwhile, as Dask's hook lets.
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
    card: str  # the card's own number, by which two workers on one are told
    device: str  # cpu, cuda, or why the one asked for is not there
    precision: str  # fp32, bf16, or both where whole steps decide
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
    device, gpu, card = _device(question.device)
    found, data_root = _data(question)
    return Facts(
        host=socket.gethostname(),
        code=code(),
        python=platform.python_version(),
        torch=torch.__version__,
        dask=distributed.__version__,
        cpu=cpu_model(),
        gpu=gpu,
        card=card,
        device=device,
        precision=" or ".join(worth_timing(convolution_seconds(device))) if device in DEVICES else "",
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


def _device(asked: str) -> tuple[str, str, str]:
    import torch

    try:
        machine = Machine(asked).resolved()
    except InputError as error:
        return str(error), "", ""
    card = str(torch.cuda.get_device_properties(torch.device(machine.device)).uuid) if machine.gpu else ""
    return machine.device.partition(":")[0], machine.gpu, card


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
