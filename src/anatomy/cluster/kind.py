"""Kinds of processor on a cluster: workers of one kind give the same bits, and a unit of runs stays on one."""

from anatomy.cluster.facts import Facts
from anatomy.hardware.machine import Machine
from anatomy.storage.record import Provenance


def group(worker: Facts) -> str:
    """What decides how a worker trains: the processor's or card's model, torch, and how many slots it has."""
    return f"{worker.gpu or worker.cpu}, torch {worker.torch}, slots {worker.threads}"


def label(worker: Facts, machine: Machine) -> str:
    """Model, torch, precision, threads and compilation: all that decides the last digits."""
    return _label(worker.gpu or worker.cpu, worker.torch, machine.precision, machine.threads, machine.compile)


def label_of(made: Provenance) -> str:
    """The same of a finished run."""
    model = made["cpu"] if made["device"] == "cpu" else made["device"]
    return _label(model, made["torch"], made["precision"], made["threads"], made["compile"])


def _label(model: str, torch: str, precision: str, threads: int, compiled: str) -> str:
    return f"{model}, torch {torch}, {precision}, threads {threads}, compiled {compiled}"
