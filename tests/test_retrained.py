"""A figure's runs again beside the published ones: what is said of where they were made, and of which numbers."""

from typing import Any

import pytest

from anatomy.pages.retrained import compared, records_of
from anatomy.storage.record import Record
from anatomy.study.evidence import Evidence
from anatomy.study.study import Study

HERE: dict[str, Any] = {"cpu": "AMD EPYC", "device": "cpu", "precision": "fp32"}


@pytest.fixture(scope="module")
def found() -> dict[str, Record]:
    """One run of chapter two, made on a Xeon in bf16; it has no bias, so it has no cosine of one."""
    evidence: Evidence = Study("vector_decomposition", preset="laptop", records="use").evidence
    key = next(key for key, one in evidence.found.items() if "bias_cosine" in one["tables"].get("collapse", {}))
    return records_of([key])


def elsewhere(record: Record) -> Record:
    tables = record["tables"]
    spread: Any = tables["collapse"]["spread"][0]
    moved = {**tables, "collapse": {**tables["collapse"], "spread": [spread + 0.25]}}
    made: Any = record["provenance"] | HERE
    return {**record, "tables": moved, "provenance": made}


def test_equal_runs_say_nothing_of_their_processor(found: dict[str, Record]) -> None:
    assert compared(found, found).splitlines()[0] == "1 of 1 runs again; largest differences from the published ones:"


def test_another_processor_is_named(found: dict[str, Record]) -> None:
    first, *lines = compared(found, {key: elsewhere(record) for key, record in found.items()}).splitlines()
    assert first == (
        "1 of 1 runs again, on epyc-avx2-fp32 and not xeon-amx-bf16, so only means over seeds can be compared; "
        "largest differences from the published ones:"
    )
    assert "  collapse, spread: 0.25" in lines
    assert "  collapse, center: 0" in lines


def test_a_quantity_without_a_number_is_left_out(found: dict[str, Record]) -> None:
    [record] = found.values()
    assert record["tables"]["collapse"]["bias_cosine"] in ([None], ["nan"], ["NaN"])
    assert "nan" not in compared(found, found)
