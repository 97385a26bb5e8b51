"""Choose the seeds of every claim by a pilot, before its runs: writes src/anatomy/verdicts/designs.json.

    .venv/bin/python tools/design.py --store DIR --data-root folder

The pilot is trained by `tools/evidence.py CHAPTER --pilot`. Its seeds judge nothing, and it is measured on held-out
training images, since n is a choice. They are half as many as the test images, so the spread is rather too large than
too small. A claim of which the store has no such runs keeps the design that it has; without any it gets the least
number of seeds, and says that there was no pilot.
"""

import argparse
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from anatomy import claims
from anatomy.chapters import CHAPTERS
from anatomy.runs.config import Run
from anatomy.settings import Settings
from anatomy.storage.tables import PAPER
from anatomy.study.evidence import Evidence, network_of
from anatomy.study.request import Request
from anatomy.verdicts import designs
from anatomy.verdicts.pilot import designed

SEEDS = (2000, 2001, 2002)


def pilot(chapter: str, options: Settings) -> tuple[Request, dict[str, Run]]:
    """A chapter's runs of the pilot, by key: its arms with the pilot's seeds, on held-out images."""
    asked = Request.of(chapter, seeds=SEEDS, records="ignore", **options)
    held_out = asked.preset.run | {"evaluate_on": "held_out"}
    request = replace(asked, preset=replace(asked.preset, run=held_out))
    digest = request.digest()
    return request, {run.key(digest): run for run in request.runs()}


def evidence_of(request: Request, runs: dict[str, Run]) -> Evidence:
    found = {key: record for key in runs if (record := request.store.record(key)) is not None}
    return Evidence(request, network_of(next(iter(runs.values()))), {PAPER: list(runs)}, found)


def said_of(evidence: Evidence) -> Settings:
    """Where a pilot's numbers are from, in short."""
    said = evidence.provenance()
    names = ("preset", "dataset", "network", "seeds", "commit", "device", "cpu", "precision")
    return {name: said[name] for name in names} | {"runs": said["runs_done"]}


def chosen(options: Settings, kept: dict[str, designs.ClaimDesign], date: str) -> dict[str, designs.ClaimDesign]:
    """The design of every claim that needs one, in the order of the book."""
    found = {}
    for chapter in CHAPTERS:
        evidence = evidence_of(*pilot(chapter, options))
        said = said_of(evidence)
        for claim in claims.all_claims(chapter):
            one = designed(claim, evidence.tables, said, date)
            if one is not None:
                found[claim.id] = latest(kept.get(claim.id, one), one)
    return found


def latest(kept: designs.ClaimDesign, one: designs.ClaimDesign) -> designs.ClaimDesign:
    """The design by the newest pilot; one that says what it said keeps its date, which is before its runs."""
    same = {**one, "date": kept["date"]} == kept
    return kept if one["pilot"] is None or same else one


def as_text(found: dict[str, designs.ClaimDesign]) -> str:
    """One line a claim."""
    return "{\n" + ",\n".join(f" {json.dumps(id)}: {json.dumps(one)}" for id, one in found.items()) + "\n}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", required=True, type=Path, help="folder with the pilot's runs")
    parser.add_argument("--preset", default="overnight", help="the size of the pilot (default overnight)")
    parser.add_argument("--data-root", help="folder of data sets")
    given = parser.parse_args()
    options = {"store": str(given.store), "preset": given.preset, "data_root": given.data_root}
    kept = designs.designs() if designs.FILE.exists() else {}
    found = chosen(options, kept, datetime.now(UTC).date().isoformat())
    designs.FILE.write_text(as_text(found))
    for id, one in found.items():
        powers = "no pilot" if one["pilot"] is None else f"power {one['holds']:.2f} to hold, {one['fails']:.2f} to fail"
        print(f"{id:<18} n = {one['n']:>2}  {powers}")


if __name__ == "__main__":
    main()
