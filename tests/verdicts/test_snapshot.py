"""Rules may be rewritten where they go on saying what they said, on published and on planted tables."""

import json
from argparse import Namespace
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import rule_history
import snapshot
from anatomy import claims
from anatomy.claims.index import FAMILIES
from anatomy.cli.known import with_runs
from anatomy.verdicts import Draw, Sample, Tables
from anatomy.verdicts import known_rules as rules_file
from anatomy.verdicts.ledger import ledger
from anatomy.verdicts.rule_digest import CHANGED, digest, rule_age
from conftest import lacking
from planted import Planted

KEPT = json.loads(snapshot.FILE.read_text())
ADVICE = (
    "if it says what it said: python tests/verdicts/snapshot.py --accept; if it was changed on purpose: --remake ID"
)


@pytest.mark.parametrize("id", claims.ids())
def test_every_rule_was_taken_down_as_it_is(id: str) -> None:
    now = digest(claims.load(id))
    assert (KEPT["claims"][id]["digest"], rules_file.known_rules()[id]["digest"]) == (now, now), ADVICE


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_every_rule_says_what_it_said(family: str) -> None:
    said = {claim.id: snapshot.differences(claim, KEPT) for claim in claims.all_claims(family)}
    assert {id: found for id, found in said.items() if found} == {}


def parts(entry: dict) -> dict[str, set[str]]:
    """The words that each part says on planted tables."""
    found: dict[str, set[str]] = {}
    for plant in entry["planted"]:
        for part, word in snapshot.words(plant):
            found.setdefault(part, set()).add(word)
    return found


@pytest.mark.parametrize("id", claims.ids())
def test_planted_tables_reach_each_word_of_each_part(id: str) -> None:
    entry = KEPT["claims"][id]
    for part, said in parts(entry).items():
        unreached = set(entry["unreached"].get(part, ()))
        assert said | unreached == snapshot.WORDS
        assert not said & unreached


def turned(draw: Draw) -> Draw:
    def negative(tables: Tables) -> Sample:
        sample = draw(tables)
        assert isinstance(sample, Sample)
        return replace(sample, values=-sample.values)

    return negative


def test_a_rule_that_says_something_else_is_not_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arms swapped: the sign of every part turns."""
    claim = claims.load("mixing-4")
    swapped = replace(claim, parts={name: replace(part, draw=turned(part.draw)) for name, part in claim.parts.items()})
    assert snapshot.differences(claim, KEPT) == []
    assert len(snapshot.differences(swapped, KEPT)) >= 2
    monkeypatch.setattr(claims, "all_claims", lambda: [swapped])
    monkeypatch.setattr(snapshot, "digest", lambda claim: "0" * 16)
    _, rules, rejected = snapshot.accept(json.loads(json.dumps(KEPT)))
    assert rejected[0].startswith("mixing-4 says something else: ")
    assert rules["mixing-4"]["digest"] != "0" * 16


@pytest.mark.slow
def test_a_floor_published_since_changes_what_is_planted_and_no_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    claim, study = claims.load("dictionary-7"), "dictionary_size laptop"
    monkeypatch.setattr(claims, "all_claims", lambda: [claim])
    monkeypatch.setattr(snapshot, "frozen_studies", lambda: KEPT["studies"])
    older = json.loads(json.dumps(KEPT))
    older["studies"][study]["stages"]["floor"] = []
    older["claims"][claim.id] = snapshot.spoken(claim, older["studies"])
    now, rejected = snapshot.by_runs_of_now(older)
    assert (rejected, now["studies"]) == ([], KEPT["studies"])
    assert older["claims"][claim.id] != now["claims"][claim.id] == KEPT["claims"][claim.id]
    older["claims"][claim.id]["planted"][0]["word"] = "another"
    assert snapshot.by_runs_of_now(older) == (older, ["dictionary-7 says something else of the same runs"])


def test_a_digest_that_was_accepted_is_the_same_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = claims.load("dictionary-2")
    now = digest(claim)
    made = [{"rules": {claim.id: "a" * 16}}]
    assert rule_age(claim, made) == CHANGED
    entry = rules_file.Known(digest=now, equal=["a" * 16], commit="", written="")
    monkeypatch.setattr(rules_file, "known_rules", lambda: {claim.id: entry})
    assert rule_age(claim, made) == ""
    # Of a rule that was changed since, the aliases say nothing.
    monkeypatch.setattr(rules_file, "known_rules", lambda: {claim.id: entry | {"digest": "b" * 16}})
    assert rule_age(claim, made) == CHANGED


def test_a_rule_that_was_changed_on_purpose_has_no_older_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else runs made under the old rule would pass for runs made under the new one."""
    claim = claims.load("mixing-5")
    known = rules_file.known_rules()
    assert known[claim.id]["equal"]
    kept = json.loads(json.dumps(KEPT))
    kept["claims"][claim.id]["digest"] = "1" * 16  # as --remake takes it down
    monkeypatch.setattr(claims, "all_claims", lambda: [claim])
    monkeypatch.setattr(snapshot, "digest", lambda claim: "1" * 16)
    _, rules, rejected = snapshot.accept(kept)
    assert rejected == []
    assert (rules[claim.id]["digest"], rules[claim.id]["equal"]) == ("1" * 16, [])


def test_a_claim_without_a_file_is_forgotten_by_name_only() -> None:
    kept, rules = json.loads(json.dumps(KEPT)), dict(rules_file.known_rules())
    assert snapshot.drop(kept, rules, []) == []
    kept["claims"]["mixing-99"], rules["mixing-99"] = kept["claims"]["mixing-4"], rules["mixing-4"]
    assert snapshot.drop(kept, rules, ["mixing-4"]) == ["mixing-99: its file is gone; --drop mixing-99"]
    assert snapshot.drop(kept, rules, ["mixing-99"]) == []
    assert kept["claims"].keys() == rules.keys() == set(claims.ids())


# --- dates


def test_every_rule_is_older_than_its_runs(tmp_path: Path) -> None:
    studies = [study.as_evidence() for study in with_runs(Namespace(store=str(tmp_path), data_root=None))]
    first = {row.claim.id: row.first_run for row in ledger(studies, claims.all_claims())}
    known = rules_file.known_rules()
    assert {id for id, began in first.items() if began and not known[id]["written"] < began} == set()
    assert sum(map(bool, first.values())) > 40


def test_the_dates_are_those_of_git() -> None:
    """The named commit has the rule and no commit before it; only a rule of the last commit may have none yet."""
    if not rule_history.has_history():
        lacking("this checkout has no history of git")
    for id, rule in rules_file.known_rules().items():
        digests_of_it = {rule["digest"], *rule["equal"]}
        if not rule["commit"]:
            assert not rule_history.stands(id, digests_of_it, "HEAD^"), f"{id}: {ADVICE}"
            continue
        assert rule_history.stands(id, digests_of_it, rule["commit"]), id
        seconds = float(rule_history.git("log", "-1", "--format=%ct", rule["commit"]))
        assert snapshot.when(seconds) == rule["written"], id
        parents = rule_history.git("log", "-1", "--format=%P", rule["commit"]).split()
        assert not any(rule_history.stands(id, digests_of_it, parent) for parent in parents), id


# --- planted tables


def test_planted_tables_follow_from_their_seed() -> None:
    study = next(iter(KEPT["studies"].values()))
    plain = snapshot.tables(json.dumps(study["stages"]))
    moved = [Planted(plain, seed) for seed in (3, 3, 4)]
    first, again, other = (tables["knn"]["accuracy"].to_numpy() for tables in moved)
    assert np.array_equal(first, again, equal_nan=True)
    assert not np.array_equal(first, other[: len(first)], equal_nan=True)
    assert list(moved[0]["knn"]["key"]) == list(moved[1]["knn"]["key"])


def test_arms_move_together_over_their_seeds() -> None:
    """Else no difference would ever be consistent, and every word would be undecided."""
    counts = Counter(plant["word"] for entry in KEPT["claims"].values() for plant in entry["planted"])
    assert min(counts[word] for word in snapshot.WORDS) > 20
