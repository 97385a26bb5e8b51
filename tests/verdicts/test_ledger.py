"""The claims' files, their digests, and the ledger on planted tables."""

import ast
import importlib.util
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
from anatomy.claims.dictionary import c02_more_negatives_equalize_anchors as more_negatives
from anatomy.claims.dictionary import c03_higher_temperature_equalizes_anchors as higher_temperature
from anatomy.claims.index import FAMILIES
from anatomy.errors import InputError
from anatomy.verdicts import (
    Claim,
    Difference,
    Equivalence,
    Exact,
    Mechanism,
    NotRun,
    Part,
    Sample,
    Shape,
    Threshold,
    Verdict,
    judge,
)
from anatomy.verdicts import designs as designs_file
from anatomy.verdicts.claim import SIZES
from anatomy.verdicts.ledger import Judged, Row, Study, judge_on, ledger, said
from anatomy.verdicts.render import as_frame, as_json, as_text
from anatomy.verdicts.rule_digest import PLUMBING
from anatomy.verdicts.rule_text import criteria_names, rule_text
from anatomy.verdicts.trend import Rung, trend

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
    return judge(claims.load(id), tables, preset)


def drawn(id: str, tables: dict[str, pd.DataFrame]) -> dict[str, np.ndarray]:
    return {name: part.draw(tables).values for name, part in claims.load(id).parts.items()}


def planted_claim(**changes) -> Claim:
    """A claim that judges whatever column `gain` of a table `knn` holds."""
    base = Claim(
        module="anatomy.claims.dictionary.c02_more_negatives_equalize_anchors",
        statement="s", attribution="ours", source="s", quantity="q", min_preset="laptop",
        parts={"gain": gain()},
    )  # fmt: skip
    return replace(base, **changes)


HALF_A_POINT = Difference(0.5)


def gain(values=None, criterion=HALF_A_POINT) -> Part:
    """A part that judges the given values, or those of the tables."""

    def draw(tables):
        return Sample.of(tables["knn"]["gain"].to_numpy() if values is None else np.array(values), tables["knn"])

    return Part(criterion, draw)


def knn(gains) -> dict[str, pd.DataFrame]:
    return {"knn": pd.DataFrame({"gain": gains, "key": [f"k{i}" for i in range(len(gains))]})}


# --- the files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("id", claims.ids())
def test_every_claim_says_all_that_the_law_asks(id):
    claim = claims.load(id)
    assert claim.id == id
    for prose in (claim.statement, claim.source, claim.quantity, rule_text(claim)):
        assert prose.strip() == prose
        assert prose.endswith(".")
        assert "  " not in prose  # two lines joined with one space too many
    assert claim.attribution in ("paper", "code", "ours")
    assert claim.min_preset in SIZES
    rule = rule_text(claim).lower()
    assert all(name in rule for name in criteria_names(claim).split(" and "))
    assert "holds if" in rule
    assert all(isinstance(c, Exact | Difference | Equivalence | Shape | Threshold) for c in claim.criteria)


def test_every_file_is_a_claim_of_a_known_family():
    """A misspelled family or file would be passed over in silence."""
    files = [file for file in FOLDER.glob("*/*.py") if file.name != "__init__.py"]
    assert {file.parent.name for file in files} == set(FAMILIES)
    assert all(re.fullmatch(r"c\d\d_[a-z_]+", file.stem) for file in files)
    assert len({(file.parent, file.name[:3]) for file in files}) == len(files) == len(claims.ids())
    rooms = {module for module in PLUMBING if module.startswith("anatomy.verdicts")}
    assert all(importlib.util.find_spec(module) for module in rooms)


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
        judge(claims.load("dictionary-1"), {}, "laptops")


def test_claims_see_tables_only():
    """Neither torch nor the code under study: a ledger is printed from records alone."""
    code = (
        "import sys; from anatomy import claims; from anatomy.verdicts import ledger;"
        "claims.rules(); ledger.ledger([], []);"
        "print([m for m in sys.modules if m == 'torch' or m.startswith('anatomy.')])"
    )
    path = str(FOLDER.parents[1])
    loaded = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {path!r}); {code}"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "anatomy.claims.dictionary.c13_equal_weights_give_decoupled_loss" in loaded
    alone = {f"anatomy.{name}" for name in ("errors", "claims", "chapters", "made_when_read", "phase_plan", "settings")}
    alone |= {"anatomy.hardware", "anatomy.hardware.processors"}
    names = set(ast.literal_eval(loaded)) - alone
    rooms = ("anatomy.claims.", "anatomy.analysis", "anatomy.arms", "anatomy.verdicts")
    assert all(name.startswith(rooms) for name in names)


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
    # Where the other option moves CV, this one is judged at one place only.
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
    parts = drawn("dictionary-2", {"hardness_grid": grid})
    assert parts["first to last"] == pytest.approx([log(8)] * 2)
    assert parts["every step"] == pytest.approx([log(0.8 / 0.6)] * 2)
    grid["cv"] = 1 / grid["temperature"]  # 20, 10, 5, 2
    parts = drawn("dictionary-3", {"hardness_grid": grid})
    assert parts["first to last"] == pytest.approx([log(10)] * 2)
    assert parts["every step"] == pytest.approx([log(2)] * 2)


def test_the_runs_are_those_of_the_base_setting_at_one_temperature_or_size():
    table = pd.concat([hardness_grid(), hardness_grid(method="moco"), hardness_grid(loss="dcl")])
    keys = judged("dictionary-2", {"hardness_grid": table}).keys
    assert keys == {f"simco-info_nce-{s}" for s in (0, 1, 2)}
    assert set(more_negatives.grid({"hardness_grid": table})["temperature"]) == {0.1}
    assert set(higher_temperature.grid({"hardness_grid": table})["negatives"]) == {255}


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
        assert judge(planted_claim(min_preset="overnight"), knn(GOOD), preset).word == word


def test_missing_tables_columns_or_rows_are_not_run():
    def lacking(tables):
        raise NotRun("no arm at a batch of 32")

    draws = [
        lambda tables: None,
        lambda tables: {},
        lambda tables: Sample.of(np.array([])),
        lambda tables: tables["no such table"],
        lambda tables: tables["knn"]["no such column"],
        lacking,
    ]
    found = [judge(planted_claim(parts={"gain": Part(Difference(0.5), draw)}), knn(GOOD), "laptop") for draw in draws]
    assert [verdict.word for verdict in found] == ["not run"] * len(draws)
    assert [verdict.note for verdict in found[3:]] == [
        "no 'no such table' in the tables", "no 'no such column' in the tables", "no arm at a batch of 32"
    ]  # fmt: skip


def test_a_part_may_be_left_out_or_have_a_verdict_for_each_point_of_a_grid():
    points = {f"batch of {size}": Sample.of(np.array(gains)) for size, gains in ((16, GOOD), (32, BAD))}
    parts = {"gain": gain(GOOD), "accuracy": Part(Shape(1.0), lambda tables: None)}
    assert judge(planted_claim(parts=parts), knn(GOOD), "laptop").word == "holds"
    verdict = judge(planted_claim(parts={"each": Part(Difference(0.5), lambda tables: points)}), {}, "laptop")
    assert {name: part.word for name, part in verdict.parts.items()} == {
        "batch of 16": "holds", "batch of 32": "does not hold"
    }  # fmt: skip


def test_the_runs_of_a_verdict_are_those_of_all_its_parts_and_of_its_mechanism():
    rows = [pd.DataFrame({"key": [key]}) for key in "abcd"]
    part, passes = (Part(Difference(0.5), lambda tables, r=r: Sample.of(np.array(GOOD), r)) for r in rows[:2])
    none = Part(Difference(0.5), lambda tables: None)
    mechanism = Mechanism("x", lambda tables: True, rows=lambda tables: rows[2])
    claim = planted_claim(parts={"gain": part, "more": none}, equal_passes={"gain": passes}, mechanism=mechanism)
    assert judge(claim, {}, "laptop").keys == {"a", "b", "c"}


def test_parts_may_be_of_different_kinds():
    rows = [[0.7, 0.5]] * 3
    claim = planted_claim(parts={"collapse": gain(rows, Threshold(collapsed=False)), "gain": gain(BAD)})
    verdict = judge(claim, knn(GOOD), "laptop")
    assert verdict.word == "does not hold"
    assert [part.word for part in verdict.parts.values()] == ["holds", "does not hold"]


def test_mechanism():
    def word(present, gains=GOOD):
        return judge(planted_claim(mechanism=Mechanism("nothing moves", present)), knn(gains), "laptop")

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
        claim = planted_claim(equal_passes={"gain": gain([] if passes is None else passes)})
        return judge(claim, knn(GOOD), "laptop").word

    assert [word(GOOD), word(BAD), word(None)] == ["holds", "undecided", "not run"]


def test_the_fixed_number_of_seeds():
    assert judge(planted_claim(), knn(GOOD), "laptop", seeds=5).word == "undecided"
    assert judge(planted_claim(), knn(GOOD), "laptop", seeds=3).word == "holds"
    exact = planted_claim(parts={"gain": gain(criterion=Exact(10.0))})  # an identity has no seeds
    assert judge(exact, knn(GOOD), "laptop", seeds=5).word == "holds"


# --- the ledger ----------------------------------------------------------------------------------


def study(preset="laptop", **changes) -> Study:
    table = hardness_grid()
    known = {key: {"rules": claims.rules()} for key in [*set(table["key"]), "k0", "k1"]}
    tables = {"hardness_grid": table, "identities": identities()}
    return replace(Study(preset, "shapes", "small", tables, known), **changes)


def test_the_ledger_keeps_presets_apart():
    rows = {row.claim.id: row for row in ledger([study("smoke"), study("laptop")], claims.all_claims())}
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
    rows = {row.claim.id: row for row in ledger([replace(stale, provenances=provenances)], claims.all_claims())}
    assert rows["dictionary-2"].verdicts[0].verdict.note == "rule changed after the runs"
    assert rows["dictionary-2"].verdicts[0].verdict.word == "holds"
    assert rows["dictionary-1"].verdicts[0].verdict.note == ""
    unknown = {row.claim.id: row for row in ledger([replace(stale, provenances={})], claims.all_claims())}
    assert "rule changed" in unknown["dictionary-1"].verdicts[0].verdict.note


EPYC = {"cpu": "AMD EPYC", "device": "cpu", "precision": "fp32"}
XEON = {"cpu": "Intel(R) Xeon(R) Processor (AMX)", "device": "cpu", "precision": "bf16"}


def made_on(kinds: dict[int, list[dict]], epochs: int = 2) -> Study:
    """Two arms a seed; `kinds`: what each of the two was made on, by seed."""
    rows = [{"key": f"{arm}{seed}", "seed": seed, "epochs": epochs, "gain": 5.0 + seed / 10}
            for seed in kinds for arm in "ab"]  # fmt: skip
    table = pd.DataFrame(rows)
    provenances = {f"{arm}{seed}": made for seed, pair in kinds.items() for arm, made in zip("ab", pair, strict=True)}
    return Study("laptop", "shapes", "small", {"runs": table, "knn": table}, provenances)


def paired_claim() -> Claim:
    def draw(tables):
        return Sample.of(tables["knn"].groupby("seed")["gain"].mean().to_numpy(), tables["knn"])

    return planted_claim(parts={"gain": Part(HALF_A_POINT, draw)})


def test_runs_of_two_kinds_of_processor_are_never_paired():
    seen = judge_on(paired_claim(), made_on({0: [EPYC, EPYC], 1: [EPYC, XEON], 2: [XEON, XEON]}))
    note = "its runs with seed 1 are of 2 kinds of processor: epyc-avx2-fp32, xeon-amx-bf16"
    assert (seen.verdict.word, seen.verdict.note, seen.runs) == ("not run", note, ())
    assert seen.verdict.estimate is None


def test_each_seed_may_be_of_a_kind_of_its_own():
    assert (
        judge_on(paired_claim(), made_on({0: [EPYC, EPYC], 1: [XEON, XEON], 2: [XEON, XEON]})).verdict.word == "holds"
    )
    half = {**XEON, "precision": "fp32"}
    assert judge_on(paired_claim(), made_on({0: [half, XEON], 1: [XEON, XEON]})).verdict.word == "not run"


def test_a_floor_may_be_of_another_kind():
    """It stands in no table of runs: what a claim reads of it is a level, and no arm of a contrast."""
    made = made_on({0: [EPYC, XEON], 1: [EPYC, XEON], 2: [EPYC, XEON]})
    runs = made.tables["runs"]
    without = {**made.tables, "runs": runs[runs["key"].str.startswith("a")]}
    assert judge_on(paired_claim(), replace(made, tables=without)).verdict.word == "holds"


def test_runs_of_an_earlier_recipe_judge_nothing():
    made = made_on({seed: [EPYC, EPYC] for seed in (0, 1, 2)})
    assert judge_on(paired_claim(), made).verdict.word == "holds"
    (row,) = ledger([replace(made, archived=True)], [paired_claim()])
    (one,) = row.verdicts
    assert (one.verdict.word, one.runs, one.holm) == ("not run", (), None)
    assert "earlier recipe" in one.verdict.note


def test_a_study_of_another_chapter_is_not_asked():
    rows = ledger([study(asked=claims.ids("normalization"))], claims.all_claims())
    assert {row.claim.id: len(row.verdicts) for row in rows}["dictionary-1"] == 0


def test_holm_runs_over_a_preset_and_marks_only_decisions():
    weak, strong = [0.4, 1.2, 2.0], [5.0, 5.01, 5.02]  # p = .07 and .0001 or so
    middle = [1.0, 1.4, 1.9]  # p = .03: survives alone, not among five
    listed = [
        planted_claim(module=f"planted.dictionary.c{i:02d}_x", parts={"gain": gain(g)})
        for i, g in enumerate([weak, strong, middle, weak, weak], 1)
    ]
    listed += [
        planted_claim(module="planted.dictionary.c06_x", mechanism=Mechanism("nothing moves", lambda tables: False))
    ]
    one = Study("laptop", "shapes", "small", knn(strong))
    alone = ledger([one], [listed[2]])
    apart = [replace(one, tables=knn(middle)), replace(one, preset="gpu", tables=knn(weak))]
    (row,) = ledger(apart, [planted_claim()])
    assert [judged.holm for judged in row.verdicts] == [True, False]  # two families of one
    together = ledger([one, replace(one, preset="overnight")], listed)
    assert [judged.holm for row in alone for judged in row.verdicts] == [True]
    first = [row.verdicts[0] for row in together]
    words = [judged.verdict.word for judged in first]
    assert words == ["undecided", "holds", "holds", "undecided", "undecided", "undecided"]
    assert [judged.holm for judged in first] == [False, True, False, False, False, False]
    assert [row.verdicts[1].holm for row in together] == [judged.holm for judged in first]


ASKED = {"preset", "dataset", "network", "verdict", "estimate", "low", "high", "n", "runs"}


def test_json_has_the_schema_that_was_agreed():
    shown = json.loads(as_json(ledger([study("smoke"), study("laptop")], claims.all_claims())))
    assert list(shown) == ["claims"]
    for claim in shown["claims"]:
        about = ["id", "statement", "whose", "source", "kind", "attribution", "criteria", "min_preset", "demonstration"]
        about += ["rule", "parts", "demonstrations", "rule_commit", "rule_written", "first_run"]
        assert list(claim) == [*about, "verdicts"]
        for verdict in claim["verdicts"]:
            assert set(verdict) == ASKED | {"needed", "note", "holm", "design", "parts", "trend"}
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


def test_a_trend_stands_in_the_note():
    rungs = [Rung(epochs, {0: float(epochs), 1: epochs + 0.1}) for epochs in (2, 18)]
    one = Judged("laptop", "shapes", "small", Verdict("holds"), (), trend=trend(rungs, 0.5))
    assert "over 2 to 18 passes: grows" in as_text([Row(planted_claim(), (one,))])
    assert as_frame([Row(planted_claim(), (one,))])["note"].tolist() == ["over 2 to 18 passes: grows"]


def test_the_ledger_says_the_design_of_a_verdict_and_where_its_power_is_too_little(monkeypatch):
    planted = {"n": 12, "holds": 0.6, "fails": 0.7, "date": "", "pilot": None, "parts": {}}
    monkeypatch.setattr(designs_file, "designs", lambda: {"dictionary-2": planted})
    gains = [*GOOD, *GOOD, *GOOD, *GOOD, -99.0]  # the last of a seed too many
    tables = {"knn": knn(gains)["knn"].assign(seed=range(13))}
    one = Study("overnight", "cifar10", "small", tables, by_design=True, order=tuple(range(13)))
    claim = planted_claim()
    verdict = json.loads(as_json(ledger([one], [claim])))["claims"][0]["verdicts"][0]
    assert (verdict["verdict"], verdict["n"], verdict["design"]) == ("holds", 12, {"n": 12, "holds": 0.6, "fails": 0.7})
    assert "power" not in verdict["note"]  # which does not matter where seeds have decided
    few = replace(one, order=tuple(range(11)))
    undecided = json.loads(as_json(ledger([few], [claim])))["claims"][0]["verdicts"][0]
    assert (undecided["verdict"], undecided["n"]) == ("undecided", 11)
    assert "12 seeds have a power of 0.60 by the pilot, where 0.80 was asked for" in undecided["note"]
    all_of_them = json.loads(as_json(ledger([replace(one, order=())], [claim])))["claims"][0]["verdicts"][0]
    assert (all_of_them["n"], all_of_them["verdict"]) == (13, "undecided")
    fixed = json.loads(as_json(ledger([replace(one, by_design=False)], [claim])))["claims"][0]["verdicts"][0]
    assert fixed["design"] is None


def test_json_is_strict_where_a_number_is_infinite():
    table = identities(float("inf"))
    shown = json.loads(as_json(ledger([study(tables={"identities": table})], claims.all_claims())))
    verdict = shown["claims"][0]["verdicts"][0]
    assert (verdict["verdict"], verdict["estimate"]) == ("does not hold", None)


def test_text_shows_each_verdict_its_parts_and_what_chance_may_do():
    four = [claims.load(f"dictionary-{number}") for number in (1, 2, 3, 13)]
    text = as_text(ledger([study()], four))
    assert all(len(line) <= 100 for line in text.splitlines() if not line.startswith(("Of ", "A claim of ")))
    block = next(block for block in text.split("\n\n") if block.startswith("dictionary-2  ours, shape\n"))
    _, statement, *_ = lines = block.splitlines()
    assert four[1].statement.startswith(statement.strip())
    assert any(re.fullmatch(r"  laptop     shapes    holds\* +\S+ \[\S+, \S+\], n = 3  small", line) for line in lines)
    assert any(line.startswith("    - every step: holds ") for line in lines)
    assert "Of 2 statistical verdicts at 95%, about 0.1 are expected to be wrong by chance" in text
    many = ledger([study()] * 35, [claims.load("dictionary-2")])
    assert "Of 35 statistical verdicts at 95%, about 1.8 are expected" in as_text(many)
    undecided = planted_claim(parts={"gain": gain([0.4, 1.2, 2.0])})
    shown = as_text(ledger([study(tables=knn(GOOD))], [undecided]))
    assert re.search(r"undecided +1\.2 \[-0\.787, 3\.19\], n = 3 .*\n +.*n = 5 would decide", shown)
    two = planted_claim(parts={"gain": gain([0.4, 1.2, 2.0]), "other": gain([0.4, 1.2, 2.1])})
    waiting = as_text(ledger([replace(study(tables=knn(GOOD)), seeds=9)], [two]))
    assert "3 of the 9 seeds fixed beforehand" in waiting
    assert "would decide" not in waiting  # no other number counts then
    nothing = as_text(ledger([], claims.all_claims()))
    assert nothing.count("not run") == len(claims.ids())
    assert "No verdict here rests on seeds." in nothing


def test_a_frame_has_a_line_a_verdict_and_none_without():
    undecided = planted_claim(parts={"gain": gain([0.4, 1.2, 2.0])})
    frame = as_frame(ledger([study(tables=knn(GOOD))], [undecided]))
    (line,) = frame.to_dict("records")
    assert list(frame.index) == [undecided.id]
    assert (line["verdict"], line["estimate"], line["95 % interval"], line["n"]) == (
        "undecided", "1.2", "[-0.787, 3.19]", "3"
    )  # fmt: skip
    assert "n = 5 would decide" in line["note"]
    assert len(as_frame(ledger([], claims.all_claims()))) == 0


def test_on_other_images_only_what_was_run_is_said() -> None:
    def one(word: str, preset: str, dataset: str) -> Judged:
        return Judged(preset, dataset, "", Verdict(word), ())

    laptop, own = one("not run", "laptop", "shapes"), one("holds", "overnight", "cifar10")
    there, lacking = one("undecided", "overnight", "cifar100"), one("not run", "overnight", "svhn")
    assert said([laptop, own, there, lacking]) == (laptop, own, there)
    assert said([laptop, lacking]) == (laptop, lacking)
