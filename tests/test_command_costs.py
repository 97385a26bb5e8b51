"""What a command does that is slow, counted: CPU seconds depend on the machine, counts on the code alone."""

import pytest

import command_costs
from anatomy.study.request import PUBLISHED

# Of `anatomy claims`, beside what each published record asks for; a tenth to a half above what it is now. Before each
# record and part was read once, these were 40,573 adapters and 172,598 signatures for 609 records.
LIMITS = {"run keys": 7_500, "signatures": 130_000, "type adapters": 500, "series": 17_500}
RUNS = 1_800  # that all studies ask for, checked once each


def test_help_loads_nothing_of_what_is_counted() -> None:
    assert command_costs.counts("--help") == dict.fromkeys(command_costs.COUNTED, 0)


@pytest.mark.slow
def test_claims_reads_and_checks_each_record_once() -> None:
    found, records = command_costs.counts("claims"), len(list(PUBLISHED.glob("*.json")))
    assert found["records read"] == records
    assert found["runs checked"] <= RUNS + records
    assert {name: found[name] for name in LIMITS if found[name] > LIMITS[name]} == {}
