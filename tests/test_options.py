"""Every field and option of a run changes what it governs, and nothing else: none is read and then forgotten.

The table stands in tests/options.py. A field, a part or an option that is not in it fails here.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from jaxtyping import config

from anatomy.runs import parts
from anatomy.runs.config import Run
from anatomy.training.run_tables import run_tables
from anatomy.training.train import fit, prepare
from options import ASPECTS, TABLE, Change
from tiny import MACHINE

# Columns that repeat what was asked, or the clock: they would change although nothing else does.
SAID = {"temperature", "distance", "test_batch", "weight_decay", "at", "whitened", "milliseconds"}


def test_every_field_and_option_stands_in_the_table() -> None:
    options = {
        f"{kind} {name}: {option}"
        for kind in parts.PLACES
        for name in parts.names(kind)
        for option in parts.signature(kind, name)
    }
    assert set(TABLE) == set(Run.model_fields) | options


@pytest.fixture(scope="module")
def data_root(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with a data set `others`, of noise."""
    folder, generator = tmp_path_factory.mktemp("data"), np.random.default_rng(0)
    arrays = {}
    for part in ("train", "test"):
        arrays[f"{part}_images"] = generator.integers(0, 256, (100, 16, 16, 3), dtype=np.uint8)
        arrays[f"{part}_labels"] = np.arange(100) % 10
    np.savez(folder / "others.npz", **arrays)
    return str(folder)


@pytest.fixture(scope="module", autouse=True)
def unchecked() -> Iterator[None]:
    """Without checks of types and shapes, which other tests make, two hundred runs take a third of the time."""
    config.update("jaxtyping_disable", True)
    yield
    config.update("jaxtyping_disable", False)


@pytest.fixture(scope="module")
def known() -> dict[str, dict[str, str]]:
    """What was seen of each run: many options share a base."""
    return {}


def digest(value: Any) -> str:
    """Equal where all names, shapes and bits are."""
    total = hashlib.sha256()

    def take(part: Any) -> None:
        if isinstance(part, torch.Tensor):
            total.update(f"{part.dtype}{tuple(part.shape)}".encode() + part.detach().contiguous().numpy().tobytes())
        elif isinstance(part, dict):
            take(list(part.items()))
        elif isinstance(part, list | tuple):
            total.update(f"{len(part)}".encode())
            list(map(take, part))
        else:
            total.update(repr(part).encode())

    take(value)
    return total.hexdigest()


def seen(run: Run, data_root: str) -> dict[str, str]:
    """A digest of each aspect of a run that is trained and measured here."""
    training = prepare(run, MACHINE, data_root)
    method, batches = training.method, []
    method.register_forward_pre_hook(lambda _, given: batches.append(given[0]))
    start = {"weights": digest(dict(method.named_parameters())), "buffers": digest(dict(method.named_buffers()))}
    fit(training)
    tables = {
        name: {column: values for column, values in table.items() if column not in SAID}
        for name, table in run_tables(training).items()
    }
    first, losses = batches[: training.steps_per_epoch], training.losses
    index = torch.cat([batch.index for batch in first])
    views = [torch.cat(view)[index.argsort()] for view in zip(*(batch.views for batch in first), strict=True)]
    found = {
        "images": digest([training.images.images, training.images.labels]),
        "unseen": digest([training.unseen.images, training.unseen.labels]),
        **start,
        "order": digest([batch.index for batch in first]),
        "views": digest(views),
        "loss": digest(losses[0]),
        "losses": digest(losses[1:]),
        "recorded": digest({name: tables[name] for name in training.recorders}),
        "measured": digest({part.name: tables[part.name] for part in training.run.measures}),
    }
    assert tuple(found) == ASPECTS
    return found


def both(name: str, change: Change) -> tuple[Run, Run]:
    """The base run and the changed one; an option that is called like a field needs the name of its part."""
    part, _, option = name.rpartition(": ")
    given = f"{part.split()[1]}.{option}" if part and option in Run.model_fields else option
    return Run.of(**change.base), Run.of(**change.base | {given: change.to})


@pytest.mark.parametrize("name", TABLE)
def test_it_changes_what_it_governs(name: str, data_root: str, known: dict[str, dict[str, str]]) -> None:
    change = TABLE[name]
    one, other = both(name, change)
    keys = [run.key("") for run in (one, other)]
    assert keys[0] != keys[1]
    before, after = (known.get(key) or seen(run, data_root) for key, run in zip(keys, (one, other), strict=True))
    known |= {keys[0]: before, keys[1]: after}
    different = [aspect for aspect in ASPECTS if before[aspect] != after[aspect]]
    governed = change.governs.split()
    assert set(governed) <= set(different)
    assert different == governed if change.only else different[0] == governed[0]
