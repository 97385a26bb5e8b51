"""Chapter one's arms as its page sets them side by side, each by its name. No verdict is made here."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from anatomy.analysis.paired import means
from anatomy.arms.dictionary_size import accuracies, epochs
from anatomy.settings import Settings
from anatomy.verdicts.claim import Tables

ONE: Settings = {"loss": "info_nce"}
TWO: Settings = {"loss": "dual_temperature"}
SIMCO: Settings = {"method": "simco"}
SIMMOCO: Settings = {"method": "simmoco"}
SIZES = (64, 1024, 4096)  # keys
SMALL, MIDDLE, QUEUE = (Settings(method="mocov2", queue_size=keys) for keys in SIZES)
TEMPERATURES = (0.05, 0.1, 0.2, 0.5)


def two_arms(tables: Tables, name: str, temperature: float) -> pd.DataFrame:
    """Rows of table `name` of SimCo with one temperature and with two, told apart by the column `arm`."""
    runs, words = tables["runs"], {"info_nce": "one temperature", "dual_temperature": "two temperatures"}
    at = runs["temperature"].fillna(runs["temperature_intra"]) == temperature
    keys = runs[at & (runs["stage"] == "paper") & (runs["method"] == "simco")]["key"]
    rows = tables[name].assign(arm=tables[name]["loss"].map(words)).dropna(subset="arm")
    return rows[rows["key"].isin(keys) & (rows["stage"] == "paper")]


def arm(tables: Tables, **given: Any) -> pd.DataFrame:  # settings
    """An arm's rows; none where no run of the study has such an option, as before every arm is published."""
    try:
        return accuracies(tables, **given)
    except KeyError:
        return tables["knn"].head(0)


def ways(tables: Tables) -> dict[str, pd.DataFrame]:
    """Four methods at a batch of 256, and the controls that separate what differs between them."""
    return {
        "SimCo, two temperatures": arm(tables, **SIMCO, **TWO),
        "SimCo, one temperature": arm(tables, **SIMCO, **ONE),
        "SimCLR": arm(tables, method="simclr", **ONE),
        "SimMoCo, two temperatures": arm(tables, **SIMMOCO, **TWO),
        "SimMoCo, one temperature": arm(tables, **SIMMOCO, **ONE),
        "MoCo v2, two temperatures": arm(tables, **QUEUE, **TWO),
        "MoCo v2": arm(tables, **QUEUE, **ONE),
        "MoCo v2, both views are anchors": arm(tables, **QUEUE, **ONE, symmetric=True),
        "MoCo v2, twice the epochs": arm(tables, **QUEUE, **ONE, epochs=2 * epochs(tables)),
    }


def over_queue(tables: Tables) -> pd.DataFrame:
    """Accuracy of MoCo v2 over its queue: columns arm, x (keys), mean, low, high."""
    lines = {"MoCo v2, one temperature": ONE, "MoCo v2, two temperatures": TWO}
    sizes = [{"method": "mocov2", "queue_size": keys} for keys in SIZES]
    return _curves(tables, {name: [size | loss for size in sizes] for name, loss in lines.items()}, SIZES)


def over_temperature(tables: Tables) -> pd.DataFrame:
    """Accuracy of SimCo over the temperature within an anchor: columns arm, x, mean, low, high."""
    one = [SIMCO | ONE | {"temperature": t} for t in TEMPERATURES]
    two = [SIMCO | TWO | {"temperature_intra": t} for t in TEMPERATURES]
    return _curves(tables, {"SimCo, one temperature": one, "SimCo, two temperatures": two}, TEMPERATURES)


def changes(tables: Tables) -> dict[str, tuple[pd.DataFrame, pd.DataFrame]]:
    """One change at a time, by name: the arm with it and the arm without."""
    return {name: (arm(tables, **with_it), arm(tables, **without)) for name, (with_it, without) in _pairs(tables)}


def _pairs(tables: Tables) -> list[tuple[str, tuple[Settings, Settings]]]:
    same = TWO | {"temperature_inter": 0.1}  # weights and directions differ in the dictionary only
    own = QUEUE | ONE | {"epochs": 16 * epochs(tables)}
    tiny, old = {"batch_size": 32}, MIDDLE | ONE | {"queue_skip": 15360, "skip_from": 0}
    return [
        *_second_temperature(),
        ("4,096 keys for 64", (QUEUE | ONE, SMALL | ONE)),
        ("4,096 keys for 64, in the weights only", (SMALL | same | {"queue_size_inter": 4096}, SMALL | ONE)),
        ("4,096 keys for 64, in the directions only", (QUEUE | same | {"queue_size_inter": 64}, SMALL | ONE)),
        ("old keys from the second pass on, 1,024 of them", (old | {"skip_from": 1}, MIDDLE | ONE)),
        ("old keys from the first step on", (old, MIDDLE | ONE)),
        ("own older views left out", (own | {"exclude_own": True}, own)),
        ("momentum 0 for 0.99: SimMoCo", (SIMMOCO | TWO | {"momentum": 0.0}, SIMMOCO | TWO)),
        ("momentum 0.9 for 0.99: SimMoCo", (SIMMOCO | TWO | {"momentum": 0.9}, SIMMOCO | TWO)),
        ("equal weights (DCL): SimCo, batch 32", (SIMCO | {"loss": "decoupled"} | tiny, SIMCO | ONE | tiny)),
    ]


def _second_temperature() -> list[tuple[str, tuple[Settings, Settings]]]:
    of: dict[str, Settings] = {
        "SimCo, batch 32": SIMCO | {"batch_size": 32},
        "SimCo, batch 64": SIMCO | {"batch_size": 64},
        "SimCo, batch 256": SIMCO,
        "SimMoCo": SIMMOCO,
        "MoCo v2, 64 keys": SMALL,
        "MoCo v2, 4,096 keys": QUEUE,
    }
    return [(f"second temperature: {name}", (base | TWO, base | ONE)) for name, base in of.items()]


def _curves(tables: Tables, lines: Mapping[str, list[Settings]], at: tuple[int | float, ...]) -> pd.DataFrame:
    points = [(name, x, arm(tables, **given)) for name, all in lines.items() for x, given in zip(at, all, strict=True)]
    found = [means({name: rows}).assign(x=x) for name, x, rows in points if len(rows)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["arm", "x", "mean", "low", "high"])


def settings(ours: Mapping[str, object], seeds: int) -> pd.DataFrame:
    """What differs from the authors: columns setting, paper, authors' code, ours; `ours` is a Run's flat form.

    The code is ChaoningZhang/Dual-temperature, its scripts for CIFAR-100. Of the paper's body nothing could be read.
    """
    rows = [
        ("data set", "CIFAR-100", ours["dataset"]),
        ("network", "ResNet-18, 3 x 3 stem with padding 2", f"{ours['backbone']}, width {ours['width']}"),
        ("pixels", "32", ours["size"]),
        ("projector", "512-128-128, ReLU, no BN", f"{ours['hidden']}-{ours['dimension']}, ReLU, no BN"),
        ("epochs", "200", ours["epochs"]),
        ("batch size", "64 to 1,024", "32 to 256"),
        ("learning rate for a batch of 256", "0.03", ours["learning_rate"]),
        ("warm-up, then cosine", "10 of 200 epochs", f"{ours['warmup']:.0%} of the steps"),
        ("weight decay", "0.0005", ours["weight_decay"]),
        ("temperatures", "0.1, and 1.0 between anchors", "0.1, and 1.0 between anchors"),
        ("queue of MoCo v2", "65,536", "64 to 4,096"),
        ("momentum encoder", "0.99", "0.99"),
        ("smallest crop", "0.08 of the area", ours["crop_min"]),
        ("accuracy", "linear probe while training, augmented views", "kNN and linear probe on clean features"),
        ("seeds", "one", seeds),
    ]
    table = pd.DataFrame(rows, columns=["setting", "authors' code", "ours"])
    table.insert(1, "paper", "not seen")
    return table.set_index("setting")
