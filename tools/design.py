"""Choose the seeds of every claim from a pilot, before its runs: writes src/anatomy/verdicts/designs.json.

    .venv/bin/anatomy study dictionary_size --preset overnight --data-root folder --seeds 2000,2001,2002 --store DIR
    .venv/bin/python tools/design.py --store DIR --data-root folder

The pilot's seeds judge nothing. A claim of which the store has no such runs keeps the design that it has; without any
it gets the least number of seeds, and says that there was no pilot.
"""

import argparse
import json
from datetime import UTC, datetime

from anatomy import claims
from anatomy.chapters import CHAPTERS
from anatomy.settings import Settings
from anatomy.study import Study
from anatomy.verdicts import designs
from anatomy.verdicts.pilot import designed

SEEDS = (2000, 2001, 2002)


def pilot_of(study: Study) -> Settings:
    """Where a pilot's numbers are from, in short."""
    said = study.provenance()
    names = ("preset", "dataset", "network", "seeds", "commit", "device", "cpu", "precision")
    return {name: said[name] for name in names} | {"runs": said["runs_done"]}


def chosen(options: Settings, kept: dict[str, designs.ClaimDesign], date: str) -> dict[str, designs.ClaimDesign]:
    """The design of every claim that needs one, in the order of the book."""
    found = {}
    for chapter in CHAPTERS:
        study = Study(chapter, seeds=SEEDS, records="ignore", **options)
        pilot = pilot_of(study)
        for claim in claims.all_claims(chapter):
            one = designed(claim, study.tables, pilot, date)
            if one is not None:
                found[claim.id] = kept.get(claim.id, one) if one["pilot"] is None else one
    return found


def as_text(found: dict[str, designs.ClaimDesign]) -> str:
    """One line a claim."""
    return "{\n" + ",\n".join(f" {json.dumps(id)}: {json.dumps(one)}" for id, one in found.items()) + "\n}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", required=True, help="folder with the pilot's runs")
    parser.add_argument("--preset", default="overnight", help="the size of the pilot (default overnight)")
    parser.add_argument("--data-root", help="folder of data sets")
    given = parser.parse_args()
    kept = designs.designs() if designs.FILE.exists() else {}
    found = chosen(vars(given), kept, datetime.now(UTC).date().isoformat())
    designs.FILE.write_text(as_text(found))
    for id, one in found.items():
        powers = "no pilot" if one["pilot"] is None else f"power {one['holds']:.2f} to hold, {one['fails']:.2f} to fail"
        print(f"{id:<18} n = {one['n']:>2}  {powers}")


if __name__ == "__main__":
    main()
