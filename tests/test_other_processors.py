"""The same runs from another kind of processor: verdicts and numbers side by side, and what ran where."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from anatomy.pages.other_processors import minutes_by_kind, numbers_by_kind, other_records, verdicts_by_kind
from anatomy.pages.reproducibility import runs_by_kind
from anatomy.storage.record import Record, content_digest
from anatomy.study.evidence import Evidence
from anatomy.study.study import Study

EPYC: dict[str, Any] = {"cpu": "AMD EPYC", "precision": "fp32", "seconds": 120.0, "threads": 2}
KIND = "epyc-avx2-fp32"


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    """Chapter three's laptop runs, made on a Xeon in bf16; its floors on an EPYC."""
    return Study("score_visualization", preset="laptop", records="use").evidence


def again(record: Record, shift: float) -> Record:
    """The same run on an EPYC, a little more accurate."""
    tables = dict(record["tables"])
    if "knn" in tables:
        tables["knn"] = tables["knn"] | {"accuracy": [tables["knn"]["accuracy"][0] + shift]}
    made: Any = record["provenance"] | EPYC
    found: Record = {**record, "tables": tables, "provenance": made}
    return {**found, "digest": content_digest(found)}


def trained(evidence: Evidence) -> dict[str, Record]:
    return {key: again(evidence.found[key], 0.25) for key in evidence.stages["paper"]}


def test_the_rooms_are_read_by_kind(evidence: Evidence, tmp_path: Path) -> None:
    assert other_records(tmp_path) == {}
    key, record = next(iter(trained(evidence).items()))
    (tmp_path / "other-processors" / KIND).mkdir(parents=True)
    (tmp_path / "other-processors" / KIND / f"{key}.json").write_text(json.dumps(record))
    assert other_records(tmp_path) == {KIND: {key: record}}


def test_verdicts_beside_those_of_another_kind(evidence: Evidence) -> None:
    """All runs there: every verdict that is given; the numbers equal, since all arms moved alike."""
    table = verdicts_by_kind(evidence, {KIND: trained(evidence)})
    given = [row.claim.id for row in evidence.verdicts for one in row.verdicts if one.runs]
    assert table["claim"].tolist() == given
    assert len(given) > 3
    assert set(table["kind"]) == {"xeon-amx-bf16"}
    assert set(table["other_kind"]) == {KIND}
    assert table["same"].all()
    assert table["estimate"].tolist() == pytest.approx(table["other_estimate"].tolist())


def test_a_verdict_whose_runs_are_not_all_there_is_not_compared(evidence: Evidence) -> None:
    there = trained(evidence)
    one = next(one for row in evidence.verdicts for one in row.verdicts if len(one.runs) > 1)
    del there[one.runs[0]]
    left = verdicts_by_kind(evidence, {KIND: there})["claim"].tolist()
    ids = [row.claim.id for row in evidence.verdicts for judged in row.verdicts if one.runs[0] in judged.runs]
    assert ids
    assert not {*left} & {*ids}
    assert verdicts_by_kind(evidence, {KIND: {}}).empty


def test_minutes_beside_those_of_another_kind(evidence: Evidence) -> None:
    """Two threads for 120 s are 4 minutes of one core a run; of a card's runs none, nor of what one kind alone has."""
    there = trained(evidence)
    (first, second), left = list(there)[:2], {**dict(list(there.items())[2:])}
    on_a_card: Any = there[second]["provenance"] | {"device": "NVIDIA H100"}
    floors = {key: again(evidence.found[key], 0.0) for key in evidence.stages["floor"]}
    assert floors
    table = minutes_by_kind([evidence], {KIND: left | floors | {second: {**there[second], "provenance": on_a_card}}})
    (row,) = table.to_dict("records")
    seconds = sum(evidence.found[key]["provenance"]["seconds"] for key in left)
    assert first not in left
    assert (row["chapter"], row["preset"], row["kind"], row["other_kind"]) == (
        "score_visualization", "laptop", "xeon-amx-bf16", KIND
    )  # fmt: skip
    assert (row["runs"], row["other_minutes"]) == (len(left), pytest.approx(4 * len(left)))
    assert row["minutes"] == pytest.approx(seconds / 60)  # of one thread
    assert row["ratio"] == pytest.approx(row["other_minutes"] / row["minutes"])


def test_numbers_beside_those_of_another_kind(evidence: Evidence) -> None:
    there = trained(evidence)
    table = numbers_by_kind(evidence.found, {KIND: there})
    knn = table[(table["table"] == "knn") & (table["quantity"] == "accuracy")]
    assert sorted(knn["key"]) == sorted(there)
    assert knn["difference"].tolist() == pytest.approx([0.25] * len(there))
    assert set(table["table"]) <= {"knn", "mixing_identities"}  # curves are no single numbers
    assert numbers_by_kind(evidence.found, {}).empty


def test_what_ran_where(evidence: Evidence) -> None:
    table = runs_by_kind([evidence])
    (row,) = table.to_dict("records")
    assert (row["kind"], row["preset"], row["runs"], row["of"]) == ("xeon-amx-bf16", "laptop", 21, "CPU")
    seconds = sum(evidence.found[key]["provenance"]["seconds"] for key in evidence.stages["paper"])
    assert row["minutes"] == pytest.approx(seconds / 60)
    assert "transformation-2" in row["claims"]


def test_minutes_are_those_of_each_kind(evidence: Evidence) -> None:
    half = dict(list(trained(evidence).items())[:7])
    mixed = Evidence(evidence.request, evidence.network, evidence.stages, evidence.found | half)
    table = runs_by_kind([mixed]).set_index("kind")
    assert table["runs"].to_dict() == {KIND: 7, "xeon-amx-bf16": 14}
    assert table.loc[KIND, "minutes"] == pytest.approx(7 * 2 * 120 / 60)
    assert isinstance(table, pd.DataFrame)
