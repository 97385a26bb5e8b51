"""The claims' files, their digests, and the ledger on planted tables."""

import ast
import json
import re
import subprocess
import sys
from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import anatomy.claims
from anatomy import claims
from anatomy.claims import Claim, Difference, Equivalence, Exact, Shape, Study, Threshold, Verdict
from anatomy.claims.claim import SIZES
from anatomy.claims.digests import PLUMBING
from anatomy.claims.index import FAMILIES
from anatomy.claims.law import kind_name
from anatomy.errors import InputError

FOLDER = Path(anatomy.claims.__file__).parent
KS, TS = [15, 63, 255, 1023], [0.05, 0.1, 0.2, 0.5]


def hardness_grid(seeds=(0, 1, 2), cv=None, method="simco", loss="info_nce", run="") -> pd.DataFrame:
    """A grid as the runs give it; by default CV falls in K and in T, with a little noise."""
    rng = np.random.default_rng(5)
    cv = cv or (lambda k, t: 0.2 / t / k**0.5)
    rows = [
        {"key": f"{method}-{loss}{run}-{s}", "seed": s, "method": method, "loss": loss,
         "negatives": k, "temperature": t, "mean": 0.5, "cv": cv(k, t) * rng.uniform(0.97, 1.03)}
        for s in seeds for k in KS for t in TS
    ]  # fmt: skip
    return pd.DataFrame(rows)


def identities(error=1e-13) -> pd.DataFrame:
    names = ["gradient is W times vector", "InfoNCE is W times DCL", "equal weights give DCL"]
    rows = [{"key": f"k{s}", "seed": s, "identity": n, "error": error} for s in (0, 1) for n in names]
    return pd.DataFrame(rows)


def judged(id: str, tables: dict[str, pd.DataFrame], preset: str = "laptop") -> Verdict:
    return claims.judge(claims.load(id), tables, preset)


def planted_claim(**changes) -> Claim:
    """A claim that judges whatever column `gain` of a table `knn` holds."""
    base = Claim(
        module="anatomy.claims.dictionary_2",
        statement="s", whose="ours", source="s", kind=Difference(0.5), quantity="q", rule="r",
        smallest="laptop", rows=lambda tables: tables["knn"],
        values=lambda tables: {"gain": tables["knn"]["gain"].to_numpy()},
    )  # fmt: skip
    return replace(base, **changes)


def knn(gains) -> dict[str, pd.DataFrame]:
    return {"knn": pd.DataFrame({"gain": gains, "key": [f"k{i}" for i in range(len(gains))]})}


# --- the files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("id", claims.ids())
def test_every_claim_says_all_that_the_law_asks(id):
    claim = claims.load(id)
    assert claim.id == id
    for prose in (claim.statement, claim.source, claim.quantity, claim.rule):
        assert prose.strip() == prose
        assert prose.endswith(".")
        assert "  " not in prose  # two lines joined with one space too many
    assert claim.whose in ("paper", "code", "ours")
    assert claim.smallest in SIZES
    assert all(kind in claim.rule.lower() for kind in kind_name(claim.kind).split(" and "))
    # What decides for, or what is neither; a threshold says what is collapsed and what is not.
    assert any(words in claim.rule for words in ("holds if", "else undecided"))
    kinds = claim.kind.values() if isinstance(claim.kind, dict) else [claim.kind]
    assert all(isinstance(k, Exact | Difference | Equivalence | Shape | Threshold) for k in kinds)


def test_every_file_is_a_claim_of_a_known_family_or_a_helper():
    """A misspelled family would be passed over in silence."""
    for file in FOLDER.glob("*_*.py"):
        if file.name != "__init__.py" and "CLAIM = " in file.read_text():
            assert re.fullmatch(rf"({'|'.join(FAMILIES)})_[1-9]\d*", file.stem), file.name
    stems = {f"anatomy.claims.{file.stem}" for file in FOLDER.glob("*.py")}
    assert stems | {"anatomy.claims", "anatomy.errors"} >= PLUMBING


def test_ids_are_sorted_by_family_then_number():
    assert [id for id in claims.ids() if id.startswith("dictionary")][:3] == [
        "dictionary-1", "dictionary-2", "dictionary-3"
    ]  # fmt: skip
    order = [(FAMILIES.index(f), int(n)) for f, n in (id.split("-") for id in claims.ids())]
    assert order == sorted(order)
    by_chapter = [id for family in FAMILIES for id in claims.ids(family)]
    assert by_chapter == claims.ids() == [claim.id for claim in claims.all_claims()]
    assert claims.ids("dictionary_size") == claims.ids("dictionary")


def test_unknown_names_are_answered_with_the_nearest():
    with pytest.raises(InputError, match="did you mean dictionary-13"):
        claims.load("dictionary-133")
    with pytest.raises(InputError, match="did you mean dictionary_size"):
        claims.all_claims("dictionary_sizes")
    with pytest.raises(InputError, match="did you mean laptop"):
        claims.judge(claims.load("dictionary-1"), {}, "laptops")


def test_claims_see_tables_only():
    """Neither torch nor the code under study: a ledger is printed from records alone."""
    code = (
        "import sys; from anatomy import claims; claims.rules(); claims.ledger([]);"
        "print([m for m in sys.modules if m == 'torch' or m.startswith('anatomy.')])"
    )
    path = str(FOLDER.parents[1])
    loaded = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {path!r}); {code}"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "anatomy.claims.dictionary_13" in loaded
    names = set(ast.literal_eval(loaded)) - {"anatomy.errors", "anatomy.claims"}
    assert all(name.startswith(("anatomy.claims.", "anatomy.analysis")) for name in names)


# --- the four claims on planted tables -----------------------------------------------------------


@pytest.mark.parametrize("id", ["dictionary-1", "dictionary-13"])
def test_identities(id):
    assert judged(id, {"identities": identities()}, "smoke").word == "holds"
    assert judged(id, {"identities": identities(1e-9)}, "smoke").word == "does not hold"
    assert judged(id, {"identities": identities(float("nan"))}, "smoke").word == "undecided"
    assert judged(id, {}).word == "not run"
    assert judged(id, {"identities": identities().iloc[:0]}).word == "not run"
    other = "equal weights give DCL" if id == "dictionary-1" else "gradient is W times vector"
    table = identities()
    assert judged(id, {"identities": table[table["identity"] == other]}).word == "not run"


@pytest.mark.parametrize("broken", ["InfoNCE is W times DCL", "equal weights give DCL"])
def test_both_halves_of_dictionary_13_are_judged(broken):
    table = identities()
    table.loc[table["identity"] == broken, "error"] = 1e-3
    assert judged("dictionary-13", {"identities": table}).word == "does not hold"
    assert judged("dictionary-13", {"identities": identities()[table["identity"] != broken]}).word == "not run"


@pytest.mark.parametrize("id", ["dictionary-2", "dictionary-3"])
def test_the_fall_of_hardness(id):
    def on(cv=None, **of):
        return judged(id, {"hardness_grid": hardness_grid(cv=cv, **of)})

    along = 0 if id == "dictionary-2" else 1  # of (K, T)
    falls = on()
    assert (falls.word, falls.n, list(falls.parts)) == ("holds", 3, ["first to last", "every step"])
    assert on(lambda k, t: k * t).word == "does not hold"
    # Falls from first to last, with one step upwards at the start.
    first = (KS if along == 0 else TS)[0]
    last = (KS if along == 0 else TS)[-1]
    bump = on(lambda *at: {first: 2.0, last: 0.1}.get(at[along], 3.0 - 0.001 * at[along]))
    assert bump.word == "does not hold"
    assert bump.parts["first to last"].word == "holds"
    assert bump.note.startswith("does not hold in: every step")
    # Where the other dial moves CV, this one is judged at one place only.
    assert on(lambda *at: 1 / at[along] / at[1 - along]).word == "holds"
    assert on(lambda k, t: 0.0).word == "undecided"
    assert on(seeds=(0,)).word == "undecided"
    assert on(method="moco").word == on(loss="dual_temperature").word == "not run"
    assert judged(id, {}).note == "no 'hardness_grid' in the tables"
    assert judged(id, {"hardness_grid": hardness_grid()}, "smoke").word == "not run"


def test_the_contrasts_by_hand():
    grid = hardness_grid(seeds=(0, 1))
    grid["cv"] = [{15: 1.6, 63: 0.8, 255: 0.6, 1023: 0.2}[k] * (1 + t) for k, t in
                  zip(grid["negatives"], grid["temperature"], strict=True)]  # fmt: skip
    grid = grid.sample(frac=1, random_state=0)  # the order of rows says nothing
    parts = claims.load("dictionary-2").values({"hardness_grid": grid})
    assert parts["first to last"] == pytest.approx([log(8)] * 2)
    assert parts["every step"] == pytest.approx([log(0.8 / 0.6)] * 2)
    grid["cv"] = 1 / grid["temperature"]  # 20, 10, 5, 2
    parts = claims.load("dictionary-3").values({"hardness_grid": grid})
    assert parts["first to last"] == pytest.approx([log(10)] * 2)
    assert parts["every step"] == pytest.approx([log(2)] * 2)


def test_rows_are_the_base_setting_at_one_temperature_or_size():
    table = pd.concat([hardness_grid(), hardness_grid(method="moco"), hardness_grid(loss="dcl")])
    rows = claims.load("dictionary-2").rows({"hardness_grid": table})
    assert set(rows["key"]) == {f"simco-info_nce-{s}" for s in (0, 1, 2)}
    assert set(rows["temperature"]) == {0.1}
    rows = claims.load("dictionary-3").rows({"hardness_grid": table})
    assert set(rows["negatives"]) == {255}


def test_two_runs_of_a_seed_are_one_seed_and_a_gap_is_no_mean():
    twice = pd.concat([hardness_grid(), hardness_grid(run="-again", cv=lambda k, t: 1 / k)])
    verdict = judged("dictionary-2", {"hardness_grid": twice})
    assert (verdict.word, verdict.n) == ("holds", 3)
    gap = twice[~((twice["key"] == "simco-info_nce-1") & (twice["negatives"] == 63))]
    verdict = judged("dictionary-2", {"hardness_grid": gap})
    assert verdict.word == "undecided"
    assert "1 of 3 values not a finite number" in verdict.note
    with pytest.raises(ValueError, match="duplicate"):
        judged("dictionary-2", {"hardness_grid": pd.concat([hardness_grid()] * 2)})


# --- judging -------------------------------------------------------------------------------------

GOOD, BAD = [1.9, 2.0, 2.1], [-2.1, -2.0, -1.9]


def test_a_preset_below_the_smallest_is_not_run():
    for preset, word in zip(SIZES, ["not run", "not run", "holds", "holds"], strict=True):
        assert claims.judge(planted_claim(smallest="overnight"), knn(GOOD), preset).word == word


def test_missing_tables_columns_or_rows_are_not_run():
    nothing = [
        planted_claim(values=lambda tables: None),
        planted_claim(values=lambda tables: {}),
        planted_claim(values=lambda tables: {"gain": np.array([])}),
        planted_claim(values=lambda tables: tables["no such table"]),
        planted_claim(values=lambda tables: tables["knn"]["no such column"]),
    ]
    for claim in nothing:
        assert claims.judge(claim, knn(GOOD), "laptop").word == "not run"


def test_parts_may_be_of_different_kinds():
    kinds = {"collapse": Threshold(collapsed=False), "gain": Difference(0.5)}
    rows = np.array([[0.7, 0.5]] * 3)
    claim = planted_claim(kind=kinds, values=lambda t: {"collapse": rows, "gain": np.array(BAD)})
    verdict = claims.judge(claim, {}, "laptop")
    assert verdict.word == "does not hold"
    assert [part.word for part in verdict.parts.values()] == ["holds", "does not hold"]


def test_mechanism():
    def word(mechanism, gains=GOOD):
        return claims.judge(planted_claim(mechanism=mechanism), knn(gains), "laptop")

    assert word(lambda tables: True).word == "holds"
    assert word(lambda tables: True, BAD).word == "does not hold"
    for gains in (GOOD, BAD):
        absent = word(lambda tables: False, gains)
        assert (absent.word, absent.note) == ("undecided", "this scale cannot show it")
    assert word(lambda tables: False, []).word == "not run"
    unmeasured = word(lambda tables: bool(tables["hardness"].size))
    assert unmeasured.word == "undecided"
    assert unmeasured.note.startswith("this scale cannot show it (mechanism not measured")


def test_equal_epochs_and_equal_passes():
    def word(passes):
        claim = planted_claim(equal_passes=lambda tables: passes and {"gain": np.array(passes)})
        return claims.judge(claim, knn(GOOD), "laptop").word

    assert [word(GOOD), word(BAD), word(None)] == ["holds", "undecided", "not run"]


def test_the_fixed_number_of_seeds():
    assert claims.judge(planted_claim(), knn(GOOD), "laptop", seeds=5).word == "undecided"
    assert claims.judge(planted_claim(), knn(GOOD), "laptop", seeds=3).word == "holds"
    exact = planted_claim(kind=Exact(10.0))  # an identity has no seeds
    assert claims.judge(exact, knn(GOOD), "laptop", seeds=5).word == "holds"


# --- the ledger ----------------------------------------------------------------------------------


def study(preset="laptop", **changes) -> Study:
    table = hardness_grid()
    known = {key: {"rules": claims.rules()} for key in [*set(table["key"]), "k0", "k1"]}
    tables = {"hardness_grid": table, "identities": identities()}
    return replace(Study(preset, "shapes", "small", tables, known), **changes)


def test_the_ledger_keeps_presets_apart():
    rows = {row.claim.id: row for row in claims.ledger([study("smoke"), study("laptop")])}
    assert list(rows) == claims.ids()
    assert [one.preset for one in rows["dictionary-2"].verdicts] == ["smoke", "laptop"]
    assert [one.verdict.word for one in rows["dictionary-2"].verdicts] == ["not run", "holds"]
    assert [one.verdict.word for one in rows["dictionary-1"].verdicts] == ["holds", "holds"]
    ran = rows["dictionary-2"].verdicts[1]
    assert ran.runs == tuple(f"simco-info_nce-{s}" for s in (0, 1, 2))
    assert (ran.holm, ran.verdict.note) == (True, "")
    assert rows["dictionary-1"].verdicts[0].holm is None
    assert rows["dictionary-2"].verdicts[0].runs == ()


def test_the_ledger_says_when_a_rule_is_younger_than_its_runs():
    stale = study()
    provenances = {**stale.provenances, "simco-info_nce-1": {"rules": {"dictionary-2": "old"}}}
    rows = {row.claim.id: row for row in claims.ledger([replace(stale, provenances=provenances)])}
    assert rows["dictionary-2"].verdicts[0].verdict.note == "rule changed after the runs"
    assert rows["dictionary-2"].verdicts[0].verdict.word == "holds"
    assert rows["dictionary-1"].verdicts[0].verdict.note == ""
    unknown = {row.claim.id: row for row in claims.ledger([replace(stale, provenances={})])}
    assert "rule changed" in unknown["dictionary-1"].verdicts[0].verdict.note


def test_a_study_of_another_chapter_is_not_asked():
    rows = claims.ledger([study(chapter="normalization")])
    assert {row.claim.id: len(row.verdicts) for row in rows}["dictionary-1"] == 0


def test_holm_runs_over_a_preset_and_marks_only_decisions():
    weak, strong = [0.4, 1.2, 2.0], [5.0, 5.01, 5.02]  # p = .07 and .0001 or so
    middle = [1.0, 1.4, 1.9]  # p = .03: survives alone, not among five
    listed = [
        planted_claim(module=f"dictionary_{i}", values=lambda tables, g=g: {"gain": np.array(g)})
        for i, g in enumerate([weak, strong, middle, weak, weak], 1)
    ]
    listed += [planted_claim(module="dictionary_6", mechanism=lambda tables: False)]
    for claim in listed:
        sys.modules[claim.module] = sys.modules["anatomy.claims.dictionary_2"]
    one = Study("laptop", "shapes", "small", knn(strong))
    alone = claims.ledger([one], [listed[2]])
    apart = [replace(one, tables=knn(middle)), replace(one, preset="gpu", tables=knn(weak))]
    (row,) = claims.ledger(apart, [planted_claim()])
    assert [judged.holm for judged in row.verdicts] == [True, False]  # two families of one
    together = claims.ledger([one, replace(one, preset="overnight")], listed)
    assert [judged.holm for row in alone for judged in row.verdicts] == [True]
    first = [row.verdicts[0] for row in together]
    words = [judged.verdict.word for judged in first]
    assert words == ["undecided", "holds", "holds", "undecided", "undecided", "undecided"]
    assert [judged.holm for judged in first] == [False, True, False, False, False, False]
    assert [row.verdicts[1].holm for row in together] == [judged.holm for judged in first]


ASKED = {"preset", "dataset", "network", "verdict", "estimate", "low", "high", "n", "runs"}


def test_json_has_the_schema_of_the_law():
    shown = json.loads(claims.as_json(claims.ledger([study("smoke"), study("laptop")])))
    assert list(shown) == ["claims"]
    for claim in shown["claims"]:
        about = ["id", "statement", "whose", "source", "kind", "rule", "rule_commit", "rule_written", "first_run"]
        assert list(claim) == [*about, "verdicts"]
        for verdict in claim["verdicts"]:
            assert set(verdict) == ASKED | {"needed", "note", "holm", "parts"}
            assert verdict["verdict"] in ("holds", "does not hold", "undecided", "not run")
    second = shown["claims"][1]
    assert (second["id"], second["kind"]) == ("dictionary-2", "shape")
    ran = second["verdicts"][1]
    assert ran["low"] < ran["estimate"] < ran["high"]
    assert (ran["n"], len(ran["runs"]), list(ran["parts"])) == (
        3,
        3,
        ["first to last", "every step"],
    )


def test_json_is_strict_where_a_number_is_infinite():
    table = identities(float("inf"))
    shown = json.loads(claims.as_json(claims.ledger([study(tables={"identities": table})])))
    verdict = shown["claims"][0]["verdicts"][0]
    assert (verdict["verdict"], verdict["estimate"]) == ("does not hold", None)


def test_text_shows_each_verdict_its_parts_and_what_chance_may_do():
    four = [claims.load(f"dictionary-{number}") for number in (1, 2, 3, 13)]
    text = claims.as_text(claims.ledger([study()], four))
    lines = text.splitlines()
    assert lines[0].split()[:3] == ["claim", "whose", "kind"]
    (second,) = [line for line in lines if line.startswith("dictionary-2")]
    assert second.split()[1:7] == ["ours", "shape", "laptop", "shapes", "small", "holds*"]
    assert any(line.strip().startswith("- every step") for line in lines)
    assert "Of 2 statistical verdicts at 95%, up to 1 may be wrong by chance" in text
    many = claims.ledger([study()] * 35, [claims.load("dictionary-2")])
    assert "Of 35 statistical verdicts at 95%, up to 2 may" in claims.as_text(many)
    undecided = planted_claim(values=lambda tables: {"gain": np.array([0.4, 1.2, 2.0])})
    shown = claims.as_text(claims.ledger([study(tables=knn(GOOD))], [undecided]))
    assert re.search(r"undecided +1\.2 +\[-0\.787, 3\.19\] +3 +.*n = 5 would decide", shown)
    nothing = claims.as_text(claims.ledger([]))
    assert nothing.count("not run") == len(claims.ids())
    assert "No verdict here rests on seeds." in nothing


def test_a_frame_has_a_line_a_verdict_and_none_without():
    undecided = planted_claim(values=lambda tables: {"gain": np.array([0.4, 1.2, 2.0])})
    frame = claims.as_frame(claims.ledger([study(tables=knn(GOOD))], [undecided]))
    (line,) = frame.to_dict("records")
    assert list(frame.index) == [undecided.id]
    assert (line["verdict"], line["estimate"], line["95 % interval"], line["n"]) == (
        "undecided", "1.2", "[-0.787, 3.19]", "3"
    )  # fmt: skip
    assert "n = 5 would decide" in line["note"]
    assert len(claims.as_frame(claims.ledger([]))) == 0
