"""Which workers may take part in a study, and why the others may not."""

import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from anatomy import data
from anatomy.cluster import scratch
from anatomy.cluster.engine import Engine
from anatomy.cluster.facts import DEVICES, Facts, Question, facts
from anatomy.runs.source import package_digest

ANSWER = 180.0  # seconds for a worker to import torch and read a data set, once
LEAST_DISK = 2 * 10**8  # bytes free where runs are written
LEAST_MEMORY = 3 * 10**8


@dataclass(frozen=True)
class Ours:
    """What a worker must have in common with the machine that asks."""

    code: str
    dask: str
    python: str  # 3.11
    data: str

    @classmethod
    def of(cls, question: Question) -> "Ours":
        import distributed

        return cls(package_digest(), distributed.__version__, _minor(platform.python_version()), question.digest)


def why_not(worker: Facts, ours: Ours) -> str:
    """Why it would not make the same runs, or nothing."""
    if worker.code != ours.code:
        return f"its package is other code ({worker.code}, and here {ours.code}); install the same commit there"
    if worker.dask != ours.dask:
        return f"its Dask is {worker.dask}, and here {ours.dask}; install requirements-cluster.lock there"
    if _minor(worker.python) != ours.python:
        return f"its Python is {worker.python}, and here {ours.python}; use the same minor version"
    if worker.device not in DEVICES:
        return worker.device
    if worker.data != ours.data:
        said = f"is another ({worker.data}, and here {ours.data})" if worker.data else "is not there"
        return f"its data set {said}; put it into ANATOMY_DATA_ROOT there"
    if worker.disk < LEAST_DISK or worker.memory < LEAST_MEMORY:
        return f"it has {worker.memory / 1e9:.1f} GB of memory and {worker.disk / 1e9:.1f} GB of disk free"
    return ""


def not_beside_cards(found: dict[str, Facts], device: str) -> dict[str, str]:
    """Processors that would work beside cards: refused, unless a device was asked for."""
    if device != "auto" or not any(worker.gpu for worker in found.values()):
        return {}
    why = "it has no GPU, and others have; with --device cpu all train on processors"
    return {address: why for address, worker in found.items() if not worker.gpu}


def second_on_a_card(found: dict[str, Facts], held: Mapping[str, str]) -> dict[str, str]:
    """Workers whose card another has, of these or of those that have one already: `held`, the card by worker."""
    first = {card: address for address, card in held.items()}
    refused = {}
    for address, worker in found.items():
        if worker.card and (other := first.setdefault(worker.card, address)) != address:
            refused[address] = f"its card is that of {other}; start one worker a card, by CUDA_VISIBLE_DEVICES"
    return refused


def recruit(
    engine: Engine, addresses: Sequence[str], question: Question, ours: Ours
) -> tuple[dict[str, Facts], dict[str, str]]:
    """Facts of the workers that may take part, and the reason against each other one, by address.

    A data set that a worker lacks is sent first.
    """
    found, refused = ask(engine, addresses, question)
    lacking = [
        address for address, worker in found.items() if not worker.data and not why_not(worker, replace(ours, data=""))
    ]
    if lacking:
        send_data(engine, {address: found[address] for address in lacking}, question, ours.data)
        again, lost = ask(engine, lacking, question)
        found, refused = found | again, refused | lost
    refused |= {address: why for address, worker in found.items() if (why := why_not(worker, ours))}
    taken = {address: worker for address, worker in found.items() if address not in refused}
    refused |= not_beside_cards(taken, question.device)
    return {address: worker for address, worker in taken.items() if address not in refused}, refused


def ask(engine: Engine, addresses: Iterable[str], question: Question) -> tuple[dict[str, Facts], dict[str, str]]:
    """What each says of itself, and of those that cannot, why."""
    answers = engine.on_each(facts, question, workers=addresses, within=ANSWER)
    found = {address: said for address, said in answers.items() if isinstance(said, Facts)}
    return found, {address: in_words(said) for address, said in answers.items() if address not in found}


def send_data(engine: Engine, lacking: dict[str, Facts], question: Question, digest: str) -> None:
    """The archive to one worker of each machine, which keeps it in its scratch folder."""
    one_each = {worker.host: address for address, worker in lacking.items()}
    workers = list(one_each.values())
    content = engine.send(archive(question), workers)
    engine.on_each(scratch.save_archive, question.dataset, digest, content, workers=workers, within=ANSWER)


def archive(question: Question) -> bytes:
    """The data set as an archive's bytes."""
    from io import BytesIO
    from pathlib import Path

    file = Path(question.data_root or "") / f"{question.dataset}.npz"
    if file.is_file():
        return file.read_bytes()
    images, buffer = data.load(question.dataset, question.data_root), BytesIO()
    arrays = {name: getattr(images, name) for name in data.archive.ARRAYS}
    np.savez(buffer, **arrays, class_names=np.array(images.class_names, dtype=str))
    return buffer.getvalue()


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


def in_words(error: object) -> str:
    if isinstance(error, ModuleNotFoundError) or "anatomy" in str(error) and "ModuleNotFound" in repr(error):
        return f"it cannot import {getattr(error, 'name', None) or 'anatomy'}; install this package there"
    text = str(error).strip().partition("\n")[0] or type(error).__name__
    return f"it does not say what it is: {text}"
