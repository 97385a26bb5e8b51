"""What every rule said, on the published runs and on planted tables: by it a refactored rule is proved equal.

    .venv/bin/python tests/verdicts/snapshot.py                  # which rules say something else than they did
    .venv/bin/python tests/verdicts/snapshot.py --accept         # aliases for those that say the same; dates of all
    .venv/bin/python tests/verdicts/snapshot.py --remake ID ...  # of rules that are new, or changed on purpose (errata)
    .venv/bin/python tests/verdicts/snapshot.py --drop ID ...    # of claims that were removed, file and all
    .venv/bin/python tests/verdicts/snapshot.py --runs           # and by the runs that are published now

`verdicts.json` beside this file holds, for each claim, the digest of the rule that spoke, its verdicts on the published
studies as they were then (those of an earlier recipe, which are archived, too: a rewritten rule must go on saying what
it said), and on planted tables (see `planted.py`) chosen so that each part says each of its words.
`unreached` lists the words that none of many planted tables made a part say.
"""

import argparse
import json
import sys
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from math import isclose
from pathlib import Path
from typing import Any, get_args

import numpy as np

from anatomy import claims, studies
from anatomy.storage.archive import archived, archived_study
from anatomy.storage.tables import tables_of
from anatomy.study.study import PUBLISHED, Study
from anatomy.verdicts import Claim, Verdict, judge
from anatomy.verdicts import known_rules as rules_file
from anatomy.verdicts.combine import flat_parts
from anatomy.verdicts.first_seeds import first_seeds
from anatomy.verdicts.known_rules import Known, known_rules
from anatomy.verdicts.rule_digest import digest
from anatomy.verdicts.verdict import Word
from planted import INSTEAD, Planted, Tables
from rule_history import origin

FILE = Path(__file__).with_name("verdicts.json")
TRIES = 300  # planted tables, of a claim
WORDS = set(get_args(Word))
ARCHIVED_SEEDS = 3  # 0, 1 and 2, as they were fixed for the archived studies
TOLERANCE = 1e-6  # relative: another processor adds in another order
Said = dict[str, Any]


def frozen_studies() -> dict[str, Said]:
    """Every published study but the smoke preset's, by `chapter preset`, and the archived ones, by `chapter archive`:
    what its tables are made of. Floors alone are no study."""
    found = {}
    for chapter in studies.names():
        for preset in ("laptop", "overnight", "gpu"):
            study = Study(chapter, preset=preset, records="use")
            there = study.found
            if any(study.key(run) in there for run in study.paper):
                stages = {name: [k for k in map(study.key, runs) if k in there] for name, runs in study.stages.items()}
                evidence = study.as_evidence()
                ids = claims.all_claims(chapter) if evidence.by_design else []
                seeds = {claim.id: evidence.n(claim) for claim in ids} or evidence.seeds
                frozen = {"preset": preset, "seeds": seeds, "order": evidence.order, "stages": stages}
                found[f"{chapter} {preset}"] = {name: what for name, what in frozen.items() if what}
        if then := archived_study(PUBLISHED, chapter):
            found[f"{chapter} archive"] = {"preset": then["preset"], "seeds": ARCHIVED_SEEDS, "stages": then["stages"]}
    return found


@cache
def tables(stages: str) -> Tables:
    """Of the runs that a frozen study names, as JSON."""
    return tables_of(archived(PUBLISHED), json.loads(stages))


@cache
def disguised(stages: str, id: str) -> Tables:
    """The same as if they were the runs that a claim asks for and no published study has."""
    return {name: table.replace(INSTEAD[id]) for name, table in tables(stages).items()}


def judged(claim: Claim, study: Said, seed: int | None = None) -> Said:
    """What the claim says of a frozen study; with a seed, of tables planted from it, whatever their size and n."""
    if seed is None:
        return said(on_published(claim, study))
    stages = json.dumps(study["stages"])
    read = Planted(disguised(stages, claim.id) if claim.id in INSTEAD else tables(stages), seed)
    with np.errstate(all="ignore"):  # a planted length may be negative, and has no logarithm
        return said(judge(claim, read, "gpu"))


def on_published(claim: Claim, study: Said) -> Verdict:
    """The verdict on the published runs of a frozen study."""
    n = study["seeds"][claim.id] if isinstance(study["seeds"], dict) else study["seeds"]
    read = tables(json.dumps(study["stages"]))
    return judge(claim, first_seeds(read, study["order"][:n]) if "order" in study else read, study["preset"], n)


def said(verdict: Verdict) -> Said:
    """A verdict as JSON, with a checksum of the runs that it rests on."""
    runs = "" if verdict.word == "not run" else " ".join(sorted(verdict.keys))
    parts = {name: numbers(part) for name, part in flat_parts(verdict).items()}
    return numbers(verdict) | {"parts": parts, "runs": zlib.crc32(runs.encode())}


def numbers(verdict: Verdict) -> Said:
    digits = [
        None if x is None else float(f"{x:.9g}") for x in (verdict.estimate, verdict.low, verdict.high, verdict.p)
    ]
    plain = [x if x is None or abs(x) < float("inf") else str(x) for x in digits]  # JSON has no infinity and no NaN
    return {"word": verdict.word, "numbers": plain, "n": [verdict.n, verdict.needed], "note": verdict.note}


def words(verdict: Said) -> set[tuple[str, str]]:
    """(part, word) of the whole and of all its parts."""
    return {("", verdict["word"]), *((name, part["word"]) for name, part in verdict["parts"].items())}


def spoken(claim: Claim, frozen: Mapping[str, Said]) -> Said:
    """All that a claim says: the entry of one claim in the file. Of a chapter of which nothing is published or archived
    yet there are no tables to plant: `--remake` again once there are."""
    own = {name: study for name, study in frozen.items() if claim.id in claims.ids(name.split()[0])}
    entry: Said = {"digest": digest(claim), "published": {n: judged(claim, s) for n, s in own.items()}}
    reached: set[tuple[str, str]] = set()
    entry["planted"] = []
    for seed in range(TRIES if own else 0):
        name = list(own)[seed % len(own)]
        verdict = judged(claim, own[name], seed)
        if new := words(verdict) - reached:
            reached |= new
            entry["planted"].append({"study": name, "seed": seed, **verdict})
        if len(reached) == len(WORDS) * len({part for part, _ in reached}) and seed > TRIES / 10:
            break
    parts = sorted({part for part, _ in reached})
    missing = {part: sorted(WORDS - {word for of, word in reached if of == part}) for part in parts}
    return entry | {"unreached": {part: lacking for part, lacking in missing.items() if lacking}}


def same(one: Any, other: Any) -> bool:
    """Equal, numbers to the tolerance."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=TOLERANCE, abs_tol=1e-12)
    return bool(one == other)


def differences(claim: Claim, kept: Said) -> list[str]:
    """Where a claim does not say what the file says that it said."""
    entry, frozen = kept["claims"][claim.id], kept["studies"]
    found = [name for name, was in entry["published"].items() if not same(judged(claim, frozen[name]), was)]
    for plant in entry["planted"]:
        was = {name: value for name, value in plant.items() if name not in ("study", "seed")}
        if not same(judged(claim, frozen[plant["study"]], plant["seed"]), was):
            found.append(f"{plant['study']}, planted {plant['seed']}")
    return found


def by_runs_of_now(kept: Said) -> tuple[Said, list[str]]:
    """The file by the runs that are published now, and which rules do not say of the older ones what they said.

    Planted tables are made of published ones, so a floor that was published since may change what is said of them: then
    it is taken down anew, if only the runs are other than they were."""
    now = {**kept, "studies": frozen_studies()}
    moved = [claim for claim in claims.all_claims() if differences(claim, now)]
    rejected = [f"{claim.id} says something else of the same runs" for claim in moved if differences(claim, kept)]
    if rejected:
        return kept, rejected
    now["claims"] = kept["claims"] | {claim.id: spoken(claim, now["studies"]) for claim in moved}
    return now, []


def known(claim: Claim, older: Iterable[str]) -> Known:
    """What `rules.json` says of a rule."""
    now = digest(claim)
    equal = [digest for digest in dict.fromkeys(older) if digest != now]
    commit, written = origin(claim.id, {now, *equal})
    return Known(digest=now, equal=equal, commit=commit[:12], written=when(written))


def when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else ""


def accept(kept: Said) -> tuple[Said, dict[str, Known], list[str]]:
    """The file and the rules with every rewritten rule that says the same, and what the others say otherwise."""
    rules, rejected = dict(known_rules()), []
    for claim in claims.all_claims():
        entry, now = kept["claims"].get(claim.id), digest(claim)
        if entry is None:
            rejected.append(f"{claim.id}: new; --remake {claim.id}")
        elif entry["digest"] != now and (found := differences(claim, kept)):
            rejected.append(f"{claim.id} says something else: {'; '.join(found[:3])} ({len(found)} in all)")
        else:
            before = rules.get(claim.id)
            # Of a rule that was changed on purpose, and so taken down anew, the older ones mean something else.
            known_before = before is not None and before["digest"] == entry["digest"]
            older = [entry["digest"], *(before["equal"] if before and known_before else ())]
            kept["claims"][claim.id] = entry | {"digest": now}
            rules[claim.id] = known(claim, older)
    return kept, rules, rejected


def drop(kept: Said, rules: dict[str, Known], named: Iterable[str]) -> list[str]:
    """Forget the named claims that have no file any more; the others without a file, as sentences."""
    gone = sorted(kept["claims"].keys() - set(claims.ids()))
    for id in set(gone) & set(named):
        del kept["claims"][id]
        rules.pop(id, None)
    return [f"{id}: its file is gone; --drop {id}" for id in gone if id not in named]


def write(kept: Said, rules: Mapping[str, Known]) -> None:
    FILE.write_text(json.dumps(kept, separators=(",", ":")) + "\n")
    rules_file.FILE.write_text(json.dumps(rules, indent=1) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accept", action="store_true", help="write aliases and dates of rules that say the same")
    parser.add_argument("--remake", nargs="+", metavar="ID", default=[], help="claims that are new or have a new rule")
    parser.add_argument("--drop", nargs="+", metavar="ID", default=[], help="claims that were removed")
    parser.add_argument("--runs", action="store_true", help="judge by the runs that are published now")
    given = parser.parse_args()
    kept: Said = json.loads(FILE.read_text())
    if given.runs:
        kept, rejected = by_runs_of_now(kept)
        if rejected:
            parser.exit(1, "\n".join(rejected) + "\n")
    for id in given.remake:
        kept["claims"][id] = spoken(claims.load(id), kept["studies"])
    kept, rules, rejected = accept(kept)
    rejected += drop(kept, rules, given.drop)
    print("\n".join(rejected) or "every rule says what it said")
    if given.accept or given.remake or given.drop or given.runs:
        write(kept, rules)
    return 1 if rejected else 0


if __name__ == "__main__":
    sys.exit(main())
