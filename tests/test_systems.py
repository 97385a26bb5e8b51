"""The table of the papers' systems: a number where there are runs, and nothing that was not seen."""

import re
from dataclasses import replace

import pytest

from anatomy import claims
from anatomy.pages import systems
from anatomy.pages.systems import SYSTEMS, System, agreement, number_of, table
from anatomy.verdicts import Verdict
from anatomy.verdicts.ledger import Judged, Row


def row(id: str, *verdicts: Verdict) -> Row:
    judged = (Judged("overnight", "cifar10", "resnet8", verdict, ()) for verdict in verdicts)
    return Row(claims.load(id), tuple(judged))


GAIN = Verdict("holds", estimate=1.25, low=0.75, high=1.75, n=5)
LOSS = Verdict("does not hold", estimate=-1.0, low=-1.5, high=-0.5, n=5)
OPEN = Verdict("undecided", estimate=0.1, low=-0.5, high=0.7, n=5)
DCL = next(system for system in SYSTEMS if system.name == "DCL")


def test_every_system_of_the_chapter_has_a_row_and_its_claims_exist() -> None:
    names = ["DCL", "CACR", "AMCL", "Hallucinator", "HaLP", "PamC", "ScatSimCLR"]
    assert [system.name for system in SYSTEMS] == names
    assert {id for system in SYSTEMS for id in system.claims} <= set(claims.ids("loss_family"))
    lines = [line for line in table([]).splitlines() if line.startswith("<tr>")]
    assert [re.findall(r">(\w+)</a>", line) for line in lines] == [[name] for name in names]
    assert {line.count("<td>") for line in lines} == {5}


def test_until_its_runs_a_system_is_not_run() -> None:
    empty = table([row(id) for system in SYSTEMS for id in system.claims])
    assert empty.count("family-3: not run") == 1
    assert number_of(row("family-3", Verdict("not run"))) == "family-3: not run"


def test_our_number_has_unit_interval_word_and_preset() -> None:
    assert number_of(row("family-3", GAIN)) == "family-3: +1.25 points (0.75 to 1.75), holds, overnight"
    assert number_of(row("family-18", LOSS)) == "family-18: −1 decades (−1.5 to −0.5), does not hold, overnight"
    assert "+1.25 points (0.75 to 1.75)" in table([row("family-3", GAIN)])
    assert number_of(row("family-3", Verdict("undecided", n=1))) == "family-3: undecided, overnight"


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (GAIN, "yes"),
        (LOSS, "no"),
        (OPEN, "undecided"),
        (replace(LOSS, word="undecided"), "undecided"),
        (replace(OPEN, word="does not hold"), "cannot be told"),
        (Verdict("undecided"), "undecided"),
        (Verdict("not run"), "not run"),
    ],
)
def test_a_sign_is_the_same_or_not_or_cannot_be_told(verdict: Verdict, expected: str) -> None:
    assert agreement(DCL, [row("family-3", verdict)]) == expected


def test_without_a_published_gain_there_is_nothing_to_compare() -> None:
    assert agreement(System("x", "", "", ("family-3",)), [row("family-3", GAIN)]) == "nothing to compare"


def test_no_number_is_printed_that_does_not_say_where_it_was_seen() -> None:
    for system in SYSTEMS:
        seen = ("(abstract)", "repository)", "README of the authors' code)")
        assert system.published == systems.NO_NUMBER or any(words in system.published for words in seen), system.name
