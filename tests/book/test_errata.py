"""The errata: each rule that was changed is named there, and none that was not."""

from dataclasses import replace

import pytest

import errata
from anatomy import claims
from anatomy.verdicts import Verdict
from anatomy.verdicts.known_rules import known_rules
from anatomy.verdicts.ledger import Judged, Row
from anatomy.verdicts.rule_text import rule_text

CHANGES = errata.errata()
NAMED = {id for change in CHANGES for id in change["claims"]}


def test_an_erratum_says_which_claims_what_and_why() -> None:
    assert all(set(change) == {"date", "claims", "change", "reason"} for change in CHANGES)
    assert set(claims.ids()) >= NAMED
    for change in CHANGES:
        assert change["change"].endswith(".")
        assert change["reason"].endswith(".")


def test_the_rules_that_were_changed_are_those_that_are_named() -> None:
    """A rule that was published under another digest, and was not proved equal to it, was changed."""
    accepted = {id: {rule["digest"], *rule["equal"]} for id, rule in known_rules().items()}
    changed = {id for id, claim in errata.before().items() if claim["digest"] not in accepted[id]}
    # Said to be demonstrations; what decides them is as it was.
    assert changed == NAMED - {"dictionary-1", "dictionary-13"}


@pytest.fixture
def now() -> list[Row]:
    verdict = Verdict("undecided", -0.2, -1.0, 0.6, needed=4)
    return [Row(claim, (Judged("overnight", "cifar10", "network", verdict, ()),)) for claim in claims.all_claims()]


def test_the_page_shows_both_rules_and_both_verdicts(now: list[Row]) -> None:
    page = errata.errata_page(now)
    assert page.count("## {ref}") == len(NAMED)
    one = page.partition("## {ref}`dictionary-6`")[2].partition("\n## ")[0]
    assert "0.1 is compared with each end." in one
    assert errata.plain(rule_text(claims.load("dictionary-6"))) in one
    assert errata.plain(errata.before()["dictionary-6"]["rule"]) in one
    assert "| overnight on cifar10 | **does not hold**, −0.95 (−1.23 to −0.673)" in one
    assert "**undecided**, −0.2 (−1 to 0.6); n = 4 would decide at the spread seen |" in one
    assert "`dictionary-2`" not in page


def test_a_preset_that_is_not_judged_any_more_says_so(now: list[Row]) -> None:
    assert "| not judged |" in errata.errata_page([replace(row, verdicts=()) for row in now])


def test_verdicts_that_changed_are_listed_by_claim(now: list[Row]) -> None:
    listed = errata.errata_page(now).partition("\n## {ref}")[0]
    fails, still = [errata.chip(word) for word in ("does not hold", "undecided")]
    assert f"| {{ref}}`dictionary-6` | overnight on cifar10 | {fails} | {still} |" in listed
    undecided = [
        id for id in NAMED for old in errata.before()[id]["verdicts"]
        if (old["preset"], old["verdict"]) == ("overnight", "undecided")
    ]  # fmt: skip
    assert undecided
    assert not [id for id in undecided if f"`{id}` | overnight" in listed]
