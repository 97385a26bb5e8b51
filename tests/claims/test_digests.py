"""What changes a rule's digest and what does not."""

import ast
import importlib.util
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from anatomy import claims
from anatomy.claims import Claim, Shape, digests

FOLDER = Path(claims.__file__).parent


def from_source(folder: Path, source: str) -> Claim:
    """The claim of a file with this text."""
    file = folder / "dictionary_99.py"
    file.write_text(source)
    spec = importlib.util.spec_from_file_location("dictionary_99", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules["dictionary_99"] = module
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode  # two texts in one second
    spec.loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module.CLAIM


SOURCE = (FOLDER / "dictionary_2.py").read_text()


def changed(folder: Path, old: str, new: str) -> bool:
    """Whether replacing this text changes the digest."""
    assert old in SOURCE
    before = claims.digest(from_source(folder, SOURCE))
    return claims.digest(from_source(folder, SOURCE.replace(old, new))) != before


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
    ],
)
def test_what_decides_changes_the_digest(tmp_path, old, new):
    assert changed(tmp_path, old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The more negatives", "The larger the number of negatives"),  # the statement
        ("Derived here", "Worked out here"),  # the source
        ("Log of the coefficient", "Logarithm of the coefficient"),  # the quantity
        ('"""dictionary-2: more', '"""more'),  # a docstring
        ("TEMPERATURE = 0.1", "TEMPERATURE = 0.1  # as in the paper's code"),
        ("\n\n\ndef rows", "\n\n\n\n\ndef rows"),
        ("    return log_falls", '    """The fall along K."""\n    return log_falls'),
    ],
)
def test_prose_does_not_change_the_digest(tmp_path, old, new):
    assert not changed(tmp_path, old, new)


def test_a_helper_and_the_law_are_part_of_the_rule(tmp_path, monkeypatch):
    claim = claims.load("dictionary-2")
    assert {file.stem for file in digests._with_helpers(FOLDER / "dictionary_2.py")} == {
        "dictionary_2", "falls"
    }  # fmt: skip
    before = claims.digest(claim)
    assert claims.digest(replace(claim, kind=Shape(0.2))) != before
    package = tmp_path / "anatomy" / "claims"
    package.mkdir(parents=True)
    (package / "falls.py").write_text((FOLDER / "falls.py").read_text().replace("min(", "max("))
    monkeypatch.setattr(digests, "ROOT", tmp_path)
    assert claims.digest(claim) != before
    monkeypatch.undo()
    monkeypatch.setattr(digests, "VERSION", 999)
    assert claims.digest(claim) != before


def test_the_skeleton_is_the_same_on_every_python():
    """Written out by hand: no field that only some versions have, no position, no docstring."""
    tree = ast.parse('"""Doc."""\nx = Claim(a=None, source="prose")\n')
    name = ["Name", [["id", "'x'"], ["ctx", ["Store", []]]]]
    function = ["Name", [["id", "'Claim'"], ["ctx", ["Load", []]]]]
    keyword = ["keyword", [["arg", "'a'"], ["value", ["Constant", []]]]]
    call = ["Call", [["func", function], ["keywords", [keyword]]]]
    assign = ["Assign", [["targets", [name]], ["value", call]]]
    assert digests._skeleton(tree) == ["Module", [["body", [assign]]]]


def test_rules_and_their_age():
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
