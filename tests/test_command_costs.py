"""What a command does that is slow, counted: CPU seconds depend on the machine, counts on the code alone."""

import subprocess
import sys
from pathlib import Path

import pytest

import command_costs
from anatomy.study.request import PUBLISHED

# Of `anatomy claims`: a number for all, and one for each published record; a tenth to a fifth above what it is now.
# Before each record and part was read once, these were 40,573 adapters and 172,598 signatures for 609 records; before
# arms were chosen in NumPy, 15,500 series for 496. Keys are of the runs that designs ask for, published or not.
LIMITS = {"run keys": (9_300, 0), "signatures": (50_000, 80), "type adapters": (500, 0), "series": (4_000, 6)}
RUNS = 1_100  # that all studies ask for, checked once for an arm, whatever its seeds and its data set


def test_help_loads_nothing_of_what_is_counted() -> None:
    assert command_costs.counts("--help") == dict.fromkeys(command_costs.COUNTED, 0)


@pytest.mark.slow
def test_claims_reads_and_checks_each_record_once() -> None:
    found, records = command_costs.counts("claims"), len(list(PUBLISHED.glob("*.json")))
    assert found["records read"] == records
    assert found["runs checked"] <= RUNS + records
    limits = {name: fixed + each * records for name, (fixed, each) in LIMITS.items()}
    assert {name: found[name] for name in limits if found[name] > limits[name]} == {}


def test_what_was_imported_is_not_searched_for_what_could_be_freed(tmp_path: Path) -> None:
    told = (
        "import gc, sys; from anatomy.__main__ import main; main(); print(gc.isenabled(), gc.get_freeze_count() > 9999)"
    )
    words = [sys.executable, "-c", told, "store", "list", "--store", str(tmp_path)]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    assert said.splitlines()[-1] == "True True"
