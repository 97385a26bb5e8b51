"""What a page draws and says of the rungs."""

from dataclasses import replace

import pytest

from anatomy import claims
from anatomy.pages import climbed
from anatomy.verdicts import Verdict
from anatomy.verdicts.ledger import Judged, Row
from anatomy.verdicts.trend import Beside, Rung, trend

RUNGS = [Rung(2, {10: 1.0, 11: 1.2, 12: 1.1}), Rung(6, {10: 2.0}), Rung(18, {10: 5.0, 11: 5.3, 12: 5.0})]


def rows(*ids: str, of: list[Rung] = RUNGS) -> list[Row]:
    one = Judged("overnight", "cifar10", "resnet8", Verdict("holds"), ())
    climbs = replace(one, trend=trend(of, 0.5, "points"))
    other = Row(claims.load("dictionary-10"), (one,))
    return [*(Row(claims.load(id), (climbs,)) for id in ids), other]


def test_points_are_all_seeds_and_means_the_rungs_that_have_two() -> None:
    points, means = (made(rows("dictionary-7")) for made in (climbed.points, climbed.means))
    assert set(points["contrast"]) == set(means["contrast"]) == {"dictionary-7, common settings"}
    assert points[["epochs", "seed", "effect"]].to_numpy().tolist()[3] == [6, 10, 2.0]
    assert len(points) == 7
    assert means["epochs"].tolist() == [2, 18]
    assert means["mean"].tolist() == pytest.approx([1.1, 5.1])
    assert (means["n"] == 3).all()


def test_the_other_parts_are_drawn_beside_the_first_and_have_no_word() -> None:
    (row, _) = rows("dictionary-7", of=[RUNGS[0], RUNGS[2]])
    (one,) = row.verdicts
    other = Beside("wider than at 256", "points", (RUNGS[0], RUNGS[2]))
    both = [Row(row.claim, (replace(one, trend=replace(one.trend, beside=(other,))),))]
    parts = ["dictionary-7, common settings", "dictionary-7, wider than at 256"]
    assert list(climbed.points(both)["contrast"].unique()) == list(climbed.means(both)["contrast"].unique()) == parts
    assert climbed.in_words(both).splitlines()[1].startswith(f"{parts[1]}: effect in points by passes: 2: 1.1 (")


def test_what_was_stated_is_twice_a_margin_that_is_half_of_it() -> None:
    """The README's 5.07 of dictionary-9 and 2.1 of transformation-6, the paper's 0.8 of decomposition-8. No effect of
    dictionary-7's was seen, dictionary-8 names half a point, and the first part of decomposition-5 is a threshold."""
    ids = ("dictionary-7", "dictionary-8", "dictionary-9", "decomposition-5", "decomposition-8", "transformation-6")
    assert climbed.stated(rows(*ids)) == {
        "dictionary-9, common settings": 5.0,
        "decomposition-8, m_r": 0.8,
        "transformation-6, both minus neither": 2.1,
    }


def test_the_number_of_a_limit_or_an_identity_has_no_unit() -> None:
    ids = ("decomposition-1", "dictionary-1", "dictionary-7")
    assert [next(iter(claims.load(id).parts.values())).shown_unit for id in ids] == ["", "", "points"]


def test_words() -> None:
    assert climbed.in_words(rows()) == "No rung of the ladder is published yet."
    (line,) = climbed.in_words(rows("dictionary-7")).splitlines()
    assert line.startswith("dictionary-7, common settings: not run (fewer than two seeds at a rung of 6 epochs)")
    (line,) = climbed.in_words(rows("dictionary-7", of=[RUNGS[0], RUNGS[2]])).splitlines()
    assert line == (
        "dictionary-7, common settings: grows; effect in points by passes: 2: 1.1 (0.852 to 1.35), "
        "18: 5.1 (4.67 to 5.53)."
    )
