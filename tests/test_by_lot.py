"""Numbers drawn by lot: the word alone decides which, and each is made again from its own runs."""

from dataclasses import replace
from pathlib import Path

import by_lot
import pytest

from anatomy.hardware.machine import Machine
from anatomy.storage.store import Store
from anatomy.study.study import Study


@pytest.fixture(scope="module")
def numbers() -> list[by_lot.Drawn]:
    """Those of two studies on shapes."""
    of = [Study(name, preset="laptop", records="use") for name in ("score_visualization", "robustness")]
    rows = [(one, row.claim.id, judged) for one in of for row in one.verdicts() for judged in row.verdicts]
    return sorted((one for one in rows if one[2].verdict.low is not None), key=by_lot.place)


def test_a_word_draws_the_same_numbers_always(numbers: list[by_lot.Drawn]) -> None:
    def drawn(word: str, of: list[by_lot.Drawn]) -> list[tuple[str, ...]]:
        return [by_lot.place(one) for one in by_lot.lot(word, of, 3)]

    assert drawn("monday", numbers) == drawn("monday", numbers)
    assert len({*map(tuple, (drawn(word, numbers) for word in ("monday", "tuesday", "friday")))}) == 3
    assert len(by_lot.lot("monday", numbers, 1000)) == len(numbers)


def test_a_number_is_judged_by_the_runs_made_again(numbers: list[by_lot.Drawn], tmp_path: Path) -> None:
    """Here the published ones themselves; then against an interval that lies elsewhere."""
    study, id, one = next(of for of in numbers if of[1] == "mixing-2")
    store = Store(str(tmp_path))
    assert by_lot.again((study, id, one), store) is None
    for key in one.runs:
        store.save_record(key, study.found[key])
    made = by_lot.again((study, id, one), store)
    assert made
    assert made["within"]
    assert [made[f"{name}_again"] for name in ("low", "high", "verdict", "kind")] == [
        made[name] for name in ("low", "high", "verdict", "kind")
    ]
    assert made["again"] == made["published"]
    wide = replace(one, verdict=replace(one.verdict, low=one.verdict.high, high=one.verdict.high + 1))
    moved = by_lot.again((study, id, wide), store)
    assert moved
    assert not moved["within"]


def test_only_the_runs_behind_the_numbers_are_trained(
    numbers: list[by_lot.Drawn], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(by_lot, "sweep", lambda runs, store, **more: asked.extend(runs))
    drawn = by_lot.lot("monday", numbers, 2)
    by_lot.train(drawn, Store(str(tmp_path)), Machine("cpu"), None, None)
    wanted = {key for _, _, one in drawn for key in one.runs}
    assert {run.key(drawn[0][0].request.data_digest) for run in asked} == wanted
