"""A request that is answered by a run made otherwise: what counts as otherwise, and in which words it is said."""

from typing import Any

import pytest

from anatomy.hardware.machine import Machine
from anatomy.storage.provenance import otherwise, said_otherwise

MADE: dict[str, Any] = {"precision": "fp32", "threads": 1, "compile": "no", "device": "cpu"}


@pytest.mark.parametrize(
    ("asked", "differing"),
    [
        (Machine(), []),  # nothing was asked for by hand
        (Machine("cpu", "fp32", 1, "no"), []),
        (Machine(precision="bf16"), ["precision"]),
        (Machine(threads=2), ["threads"]),
        (Machine(compile="yes"), ["compile"]),
        (Machine("cuda:1"), ["device"]),
        (Machine("cuda", "bf16", 4, "yes"), ["precision", "compile", "threads", "device"]),
    ],
)
def test_only_what_was_asked_for_by_hand_counts(asked: Machine, differing: list[str]) -> None:
    assert otherwise(MADE, asked) == differing


@pytest.mark.parametrize(
    ("device", "asked", "differs"), [("NVIDIA H100", "cpu", True), ("NVIDIA H100", "cuda:0", False)]
)
def test_a_card_has_a_name(device: str, asked: str, differs: bool) -> None:
    assert otherwise(MADE | {"device": device}, Machine(asked)) == ["device"] * differs


def test_one_run() -> None:
    said = said_otherwise({"abc": MADE | {"threads": 2}}, Machine("auto", "bf16", 1, "yes"))
    assert said == (
        "run abc was made in fp32 and not compiled and on 2 threads, "
        "but asked for in bf16 and compiled and on 1 thread; used as it is; another --store trains it anew."
    )


def test_many_runs_are_one_sentence() -> None:
    made = {"a": MADE, "b": MADE | {"precision": "bf16"}, "c": MADE | {"threads": 4}}
    assert said_otherwise(made, Machine(precision="bf16", threads=1)) == (
        "2 of 3 runs, first a, were made in fp32 and on 4 threads, but asked for in bf16 and on 1 thread; "
        "used as they are; another --store trains them anew."
    )
    assert said_otherwise(made, Machine()) == said_otherwise({}, Machine(precision="bf16")) == ""
