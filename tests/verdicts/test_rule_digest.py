"""What changes a rule's digest and what does not."""

import ast
import re
from datetime import datetime
from math import inf

import pytest

from anatomy import claims
from anatomy.verdicts import known_rules, rule_digest
from anatomy.verdicts.rule_digest import digest_of, on_disk, rule_age

NEGATIVES = "anatomy.claims.dictionary.c02_more_negatives_equalize_anchors"


def changed(old: str, new: str, module: str = NEGATIVES, claim: str = NEGATIVES) -> bool:
    """Whether replacing this text of a module changes the digest of a claim."""
    assert old in (on_disk(module) or "")

    def read(name: str) -> str | None:
        text = on_disk(name)
        return text.replace(old, new) if text is not None and name == module else text

    return digest_of(claim, read) != digest_of(claim, on_disk)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("log(1.1)", "log(1.2)"),  # the margin
        ("temperature=0.1", "temperature=0.2"),
        ('"simco"', '"moco"'),
        ('along="negatives"', 'along="temperature"'),
        ('min_preset="laptop"', 'min_preset="smoke"'),
        ('attribution="ours"', 'attribution="paper"'),
        ("a fall by a tenth", "a fall by a fifth"),  # of the rule as a sentence
        ("parts=falling(", "parts=rising("),
    ],
)
def test_what_decides_changes_the_digest(old: str, new: str) -> None:
    assert changed(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The more negatives", "The larger the number of negatives"),  # the statement
        ("Derived here", "Worked out here"),  # the source
        ("Log of the coefficient", "Logarithm of the coefficient"),  # the quantity
        ('"""dictionary-2: more', '"""more'),  # a docstring
        ("temperature=0.1)", "temperature=0.1)  # as in the paper's code"),
        ("\n\n\ndef grid", "\n\nUNUSED = 3\n\n\ndef grid"),  # what is not reached
        ("\n\n\ndef grid", "\n\n\n\n\ndef grid"),
        ("    return select", '    """At one temperature."""\n    return select'),
        ("(tables: Tables) -> pd.DataFrame:", "(tables):"),  # annotations
    ],
)
def test_prose_and_what_a_rule_does_not_reach_do_not_change_the_digest(old: str, new: str) -> None:
    assert not changed(old, new)


@pytest.mark.parametrize(
    ("old", "new", "module", "claim", "different"),
    [
        ('part("min")', 'part("max")', "arms.dictionary_size", "dictionary-2", True),  # a helper
        (
            '"queue_skip": 0',
            '"queue_skip": 1',
            "arms.dictionary_size",
            "dictionary-7",
            True,
        ),  # what a helper's helper reads
        ("share=0.1", "share=0.2", "arms.dictionary_size", "dictionary-7", True),  # what only its mechanism calls
        ("share=0.1", "share=0.2", "arms.dictionary_size", "dictionary-6", False),  # which dictionary-6 has not
        ("end <= last", "end < last", "analysis.phases", "decomposition-4", True),  # another room's
        ("1 - share", "2 - share", "arms.select", "decomposition-4", False),
        (
            "seen.low > 0",
            "seen.low >= 0",
            "verdicts.criteria",
            "dictionary-2",
            False,
        ),  # they have a version of their own
    ],
)
def test_a_rule_is_what_it_reaches(old: str, new: str, module: str, claim: str, different: bool) -> None:
    assert changed(old, new, f"anatomy.{module}", claims.load(claim).module) == different


def test_which_file_a_helper_stands_in_does_not_matter() -> None:
    """A room may be tidied: `select` and its neighbors move into the claim's own file."""
    body = (on_disk("anatomy.arms.select") or "").partition('"""')[2].partition('"""')[2]

    def moved(name: str) -> str | None:
        text = on_disk(name)
        if name == "anatomy.arms.select" or text is None:
            return None
        here = text.replace("from anatomy.arms.select import select\n", "")
        return body + "\n" + here if name == NEGATIVES else text

    assert digest_of(NEGATIVES, moved) == digest_of(NEGATIVES, on_disk)


def test_a_module_imported_whole_is_rejected() -> None:
    """What a rule reads of it could not be determined."""
    with pytest.raises(ValueError, match="import what is used by name"):
        changed("from anatomy.arms.select import select", "import anatomy.arms.select as select")
    with pytest.raises(ValueError, match="import what is used by name"):
        changed("from anatomy.arms.select import select", "from anatomy.arms import select")


def test_the_law_and_its_level_are_part_of_every_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    before = claims.rules()
    for name in ("FORM", "LEVEL"):
        with monkeypatch.context() as patched:
            patched.setattr(rule_digest, name, 0.5)
            assert not set(claims.rules().values()) & set(before.values())


@pytest.mark.parametrize(
    ("claim", "different"), [("dictionary-10", True), ("decomposition-6", True), ("mixing-5", False)]
)
def test_a_criterion_that_judges_otherwise_changes_the_rules_that_use_it(claim: str, different: bool) -> None:
    module = claims.load(claim).module
    assert changed('"Equivalence": 1', '"Equivalence": 2', rule_digest.CRITERIA, module) == different


def test_the_skeleton_is_the_same_on_every_python() -> None:
    """Written out by hand: no field that only some versions have, no position, no docstring."""
    tree = ast.parse('"""Doc."""\nx = Claim(a=None, source="prose")\n')
    name = ["Name", [["id", "'x'"], ["ctx", ["Store", []]]]]
    function = ["Name", [["id", "'Claim'"], ["ctx", ["Load", []]]]]
    keyword = ["keyword", [["arg", "'a'"], ["value", ["Constant", []]]]]
    call = ["Call", [["func", function], ["keywords", [keyword]]]]
    assign = ["Assign", [["targets", [name]], ["value", call]]]
    assert rule_digest._skeleton(tree) == ["Module", [["body", [assign]]]]


def test_rules_and_their_age() -> None:
    rules = claims.rules()
    assert list(rules) == claims.ids()
    assert all(re.fullmatch(r"[0-9a-f]{16}", digest) for digest in rules.values())
    assert len(set(rules.values())) == len(rules)
    claim, changed = claims.load("dictionary-2"), "rule changed after the runs"
    assert rule_age(claim, [{"rules": rules}] * 2) == ""
    assert rule_age(claim, [{"rules": rules}, {"rules": {}}]) == changed
    assert rule_age(claim, [{"rules": rules}, {}]) == changed
    assert rule_age(claim, [{"rules": {claim.id: "0" * 16}}]) == changed
    assert rule_age(claim, []) == ""


def test_the_rules_of_one_chapter() -> None:
    """What a record holds: 4 to 14 digests instead of 48."""
    own = claims.rules("normalization")
    assert list(own) == claims.ids("normalization")
    assert own.items() <= claims.rules().items()


def test_the_age_of_a_rule_that_a_record_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """A floor that another chapter trained: its time is held against that of the rule's commit."""
    claim, rules, changed = claims.load("dictionary-2"), claims.rules("normalization"), rule_digest.CHANGED
    since = known_rules.written(claim.id, claims.rules()[claim.id])
    assert since == datetime.fromisoformat(known_rules.dates(claim.id)["rule_written"]).timestamp() > 1.7e9
    assert rule_age(claim, [{"rules": rules, "started": since + 1}]) == ""
    assert rule_age(claim, [{"rules": rules, "started": since - 1}]) == changed
    # Another digest counts, whatever the time says.
    assert rule_age(claim, [{"rules": {claim.id: "0" * 16}, "started": since + 1}]) == changed
    # A rule that no commit is known to have is younger than every run.
    assert known_rules.written(claim.id, "0" * 16) == inf
    undated = known_rules.known_rules()[claim.id] | {"written": ""}
    monkeypatch.setattr(known_rules, "known_rules", lambda: {claim.id: undated})
    assert rule_age(claim, [{"rules": rules, "started": since + 1}]) == changed
