"""What changes a rule's digest and what does not."""

import ast
import re

import pytest

from anatomy import claims
from anatomy.claims import digests
from anatomy.claims.digests import digest_of, on_disk


def changed(old: str, new: str, module: str = "dictionary_2", claim: str = "dictionary_2") -> bool:
    """Whether replacing this text of a module changes the digest of a claim."""
    module, claim = (f"anatomy.claims.{name}" if "." not in name else f"anatomy.{name}" for name in (module, claim))
    assert old in (on_disk(module) or "")

    def read(name: str) -> str | None:
        text = on_disk(name)
        return text.replace(old, new) if text is not None and name == module else text

    return digest_of(claim, read) != digest_of(claim, on_disk)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("log(1.1)", "log(1.2)"),  # the margin
        ("TEMPERATURE = 0.1", "TEMPERATURE = 0.2"),
        ('"simco"', '"moco"'),
        ('along="negatives"', 'along="temperature"'),
        ('smallest="laptop"', 'smallest="smoke"'),
        ('whose="ours"', 'whose="paper"'),
        ("both lie above 0", "both lie above 1"),  # the rule as a sentence
        ("kind=Shape", "kind=Difference"),
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
        ("TEMPERATURE = 0.1", "TEMPERATURE = 0.1  # as in the paper's code"),
        ("TEMPERATURE = 0.1", "TEMPERATURE = 0.1\nUNUSED = 3"),  # what is not reached
        ("\n\n\ndef rows", "\n\n\n\n\ndef rows"),
        ("    return log_falls", '    """The fall along K."""\n    return log_falls'),
        ("(tables: Tables) -> pd.DataFrame:", "(tables):"),  # annotations
    ],
)
def test_prose_and_what_a_rule_does_not_reach_do_not_change_the_digest(old: str, new: str) -> None:
    assert not changed(old, new)


@pytest.mark.parametrize(
    ("old", "new", "module", "claim", "different"),
    [
        ("min(", "max(", "falls", "dictionary_2", True),  # a helper
        ('"queue_skip": 0', '"queue_skip": 1', "arms", "dictionary_7", True),  # a constant that a helper's helper reads
        ("0.9 * rows", "0.8 * rows", "arms", "dictionary_7", True),  # of `late`, which only its mechanism calls
        ("0.9 * rows", "0.8 * rows", "arms", "dictionary_6", False),  # which dictionary-6 does not
        ("end <= last", "end < last", "analysis.phases", "decomposition_4", True),  # another room's
        ("0.5 * rows", "0.4 * rows", "siamese", "decomposition_4", False),
        ("seen.low > 0", "seen.low >= 0", "law", "dictionary_2", False),  # the law has a version of its own
    ],
)
def test_a_rule_is_what_it_reaches(old: str, new: str, module: str, claim: str, different: bool) -> None:
    assert changed(old, new, module, claim) == different


def test_which_file_a_helper_stands_in_does_not_matter() -> None:
    """A room may be tidied: `log_falls` moves into the claim's own file."""
    body = (on_disk("anatomy.claims.falls") or "").partition('"""')[2].partition('"""')[2]

    def moved(name: str) -> str | None:
        text = on_disk(name)
        if name != "anatomy.claims.dictionary_2" or text is None:
            return None if name == "anatomy.claims.falls" else text
        return body + "\n" + text.replace("from anatomy.claims.falls import log_falls\n", "")

    assert digest_of("anatomy.claims.dictionary_2", moved) == digest_of("anatomy.claims.dictionary_2", on_disk)


def test_a_module_imported_whole_is_refused() -> None:
    """What a rule reads of it could not be told."""
    with pytest.raises(ValueError, match="import what is used by name"):
        changed("from anatomy.claims.falls import log_falls", "import anatomy.claims.falls as log_falls")
    with pytest.raises(ValueError, match="import what is used by name"):
        changed("from anatomy.claims.falls import log_falls", "from anatomy.claims import falls as log_falls")


def test_the_law_and_its_level_are_part_of_every_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    before = claims.rules()
    for name in ("VERSION", "LEVEL"):
        with monkeypatch.context() as patched:
            patched.setattr(digests, name, 0.5)
            assert not set(claims.rules().values()) & set(before.values())


def test_the_skeleton_is_the_same_on_every_python() -> None:
    """Written out by hand: no field that only some versions have, no position, no docstring."""
    tree = ast.parse('"""Doc."""\nx = Claim(a=None, source="prose")\n')
    name = ["Name", [["id", "'x'"], ["ctx", ["Store", []]]]]
    function = ["Name", [["id", "'Claim'"], ["ctx", ["Load", []]]]]
    keyword = ["keyword", [["arg", "'a'"], ["value", ["Constant", []]]]]
    call = ["Call", [["func", function], ["keywords", [keyword]]]]
    assign = ["Assign", [["targets", [name]], ["value", call]]]
    assert digests._skeleton(tree) == ["Module", [["body", [assign]]]]


def test_rules_and_their_age() -> None:
    rules = claims.rules()
    assert list(rules) == claims.ids()
    assert all(re.fullmatch(r"[0-9a-f]{16}", digest) for digest in rules.values())
    assert len(set(rules.values())) == len(rules)
    claim, changed = claims.load("dictionary-2"), "rule changed after the runs"
    assert claims.rule_age(claim, [{"rules": rules}] * 2) == ""
    assert claims.rule_age(claim, [{"rules": rules}, {"rules": {}}]) == changed
    assert claims.rule_age(claim, [{"rules": rules}, {}]) == changed
    assert claims.rule_age(claim, [{"rules": {claim.id: "0" * 16}}]) == changed
    assert claims.rule_age(claim, []) == ""
