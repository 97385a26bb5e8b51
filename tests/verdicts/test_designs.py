"""The seeds of every claim: as the file has them, and as a pilot's planted numbers make them."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import design as tool
import numpy as np
import pandas as pd
import pytest

from anatomy import claims
from anatomy.chapters import CHAPTERS
from anatomy.study.study import Study
from anatomy.verdicts import Claim, Difference, Equivalence, Exact, NotRun, Part, Sample, Shape, Threshold
from anatomy.verdicts.designs import designs, seeds_of
from anatomy.verdicts.pilot import decided_by_chance, designed, spread
from anatomy.verdicts.power import LEAST, MOST, design
from planted_store import HERE, plant

PILOT = {"seeds": [2000, 2001, 2002]}
ROWS = pd.DataFrame({"key": ["a"]})


def part(values: object, criterion: object = Difference(0.5), **more: object) -> Part:  # noqa: B008
    drawn = values if isinstance(values, Mapping) else Sample.of(np.array(values, dtype=float), ROWS)
    return Part(criterion, lambda tables: drawn, **more)


def claim(**parts: Part) -> Claim:
    words = {name: "x" for name in ("statement", "source", "quantity")}
    return Claim(module="planted.dictionary.c01_x", attribution="ours", parts=parts, min_preset="laptop", **words)


# --- the file


def test_every_claim_that_chance_decides_is_in_the_file_with_its_parts_and_margins() -> None:
    now = {c.id: {name: crit.margin for name, _, crit in decided_by_chance(c)} for c in claims.all_claims()}
    kept = {id: {name: part["margin"] for name, part in one["parts"].items()} for id, one in designs().items()}
    assert kept == {id: parts for id, parts in now.items() if parts}


def test_every_number_of_seeds_follows_from_its_spread() -> None:
    for id, one in designs().items():
        for name, _, criterion in decided_by_chance(claims.load(id)):
            kept = one["parts"][name]
            found = None if kept["sd"] is None else design(criterion, kept["sd"])
            assert kept["n"] == (LEAST if found is None else found.n), (id, name)
            assert (kept["holds"], kept["fails"]) == (
                (None, None) if found is None else pytest.approx((found.holds, found.fails), abs=1e-4)
            )
        assert one["n"] == max(part["n"] for part in one["parts"].values()) == seeds_of(id)
        assert LEAST <= one["n"] <= MOST
        assert (one["pilot"] is None) == (one["holds"] is None)


def test_a_claim_without_a_spread_has_the_least_number_of_seeds() -> None:
    assert "decomposition-1" not in designs()  # thresholds: asked of each seed
    assert seeds_of("decomposition-1") == LEAST


# --- from a pilot


def test_a_spread_is_that_of_the_seeds_and_of_a_grid_pooled() -> None:
    """1, 2, 3 and 0, 4, 8 have variances of 1 and 16; pooled 8.5."""
    assert spread(part([1, 2, 3]), "x", {}) == pytest.approx(1.0)
    grid = {str(i): Sample.of(np.array(values), ROWS) for i, values in enumerate(([1.0, 2, 3], [0.0, 4, 8]))}
    assert spread(part(grid), "x", {}) == pytest.approx(8.5**0.5)


def test_without_numbers_there_is_no_spread() -> None:
    def lacking(tables: object) -> Sample:
        raise NotRun

    for values in ([], [1.0], [1.0, np.nan], [2.0, 2.0]):
        assert spread(part(values), "x", {}) is None
    assert spread(replace(part([]), draw=lacking), "x", {}) is None
    assert spread(replace(part([]), draw=lambda tables: tables["knn"]), "x", {}) is None
    assert spread(replace(part([]), draw=lambda tables: None), "x", {}) is None


def test_a_claim_has_the_seeds_of_the_part_that_needs_most() -> None:
    found = designed(claim(a=part([1.0, 1.1, 1.2]), b=part([0.0, 0.5, 1.0])), {}, PILOT, "2026-11-26")
    assert found is not None
    hard = design(Difference(0.5), 0.5)
    assert hard is not None
    assert [found["parts"][name]["n"] for name in "ab"] == [LEAST, hard.n]
    assert (found["n"], found["holds"], found["fails"]) == (hard.n, round(hard.holds, 4), round(hard.fails, 4))
    assert (found["parts"]["b"]["sd"], found["pilot"], found["date"]) == (0.5, PILOT, "2026-11-26")


def test_a_part_without_a_pilot_says_so_and_decides_no_power() -> None:
    found = designed(claim(a=part([]), b=part([0.0, 0.1, 0.2])), {}, PILOT, "")
    assert found is not None
    assert found["parts"]["a"] == {"margin": 0.5, "sd": None, "n": LEAST, "holds": None, "fails": None}
    assert found["holds"] == found["parts"]["b"]["holds"]
    nothing = designed(claim(a=part([])), {}, PILOT, "")
    assert nothing is not None
    assert (nothing["n"], nothing["holds"], nothing["pilot"]) == (LEAST, None, None)


def test_what_chance_does_not_decide_has_no_design() -> None:
    shown = part([0, 1, 2], demonstration=True)
    states = part([[0.7, 0.1], [0.8, 0.1]], Threshold(collapsed=False))
    assert designed(claim(a=part([0.0], Exact(1e-6)), b=states, c=shown), {}, PILOT, "") is None


def test_parts_at_equal_passes_count_too() -> None:
    both = replace(claim(a=part([0.0, 0.1])), equal_passes={"a": part([0.0, 2.0], Equivalence(1.0))})
    found = designed(both, {}, PILOT, "")
    assert found is not None
    assert {name: one["margin"] for name, one in found["parts"].items()} == {"a": 0.5, "a, at equal encoder passes": 1}
    assert found["n"] == MOST


def test_a_pilot_is_never_measured_on_test_images(store: Path) -> None:
    for chapter in CHAPTERS:
        _, runs = tool.pilot(chapter, {"store": str(store), "preset": "overnight"})
        assert {run.evaluate_on for run in runs.values()} == {"held_out"}
        assert {run.seed for run in runs.values()} <= {2000, 2001, 2002}


def test_a_claim_of_which_the_store_has_no_pilot_keeps_its_design(store: Path) -> None:
    kept = {"mixing-1": designs()["mixing-1"] | {"n": 7}}
    found = tool.chosen({"store": str(store), "preset": "laptop"}, kept, "2026-11-27")
    assert list(found) == list(designs())
    assert (found["mixing-1"]["n"], found["mixing-1"]["date"]) == (7, designs()["mixing-1"]["date"])
    assert (found["mixing-2"]["n"], found["mixing-2"]["date"]) == (LEAST, "2026-11-27")


def test_a_pilot_in_a_store_makes_a_design(store: Path) -> None:
    """mixing-5 on planted curves: a rise by a point and by two and three, after ten steps of a full queue."""
    study = Study("score_visualization", preset="laptop", seeds=(2000, 2001, 2002), records="ignore")
    for run in study.paper:
        rise = [0.0, 0.01 * (run.seed - 1999)]
        curves = {"step": [10, 100], "real": [1.0, 1.0], "false_share_nearest": rise}
        plant(study, run, {"knn": {"accuracy": [50.0]}, "score_curves": curves})
    found = tool.chosen({"store": str(store), "preset": "laptop"}, {}, "2026-11-27")
    (one,) = found["mixing-5"]["parts"].values()
    assert (one["sd"], found["mixing-5"]["n"]) == (1.0, design(Shape(1.0), 1.0).n)
    assert found["mixing-5"]["pilot"] == {
        "preset": "laptop", "dataset": "shapes", "network": "resnet8 width 16", "seeds": [2000, 2001, 2002],
        "commit": "x", **HERE, "precision": "x", "runs": len(study.paper),
    }  # fmt: skip
    assert found["mixing-2"]["pilot"] is None
    # What the same runs say again is not younger; what others say is.
    later = {"mixing-5": found["mixing-5"], "mixing-2": found["mixing-2"]}
    assert tool.chosen({"store": str(store), "preset": "laptop"}, later, "2027-01-01")["mixing-5"] == found["mixing-5"]
    other = {"mixing-5": found["mixing-5"] | {"n": 11}}
    assert (
        tool.chosen({"store": str(store), "preset": "laptop"}, other, "2027-01-01")["mixing-5"]["date"] == "2027-01-01"
    )
