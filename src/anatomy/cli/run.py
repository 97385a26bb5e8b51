"""`anatomy run`: one run."""

import argparse
import json

from anatomy import claims
from anatomy.cli.flags import flat_flags, run_help
from anatomy.cli.parser import Parser, common_flags
from anatomy.errors import InputError, RunFailed
from anatomy.hardware.machine import COMPILE, MAX_WORKERS, PRECISIONS, Machine, cores
from anatomy.runs import parts
from anatomy.runs.config import Run
from anatomy.scheduling.sweep import sweep
from anatomy.settings import Settings
from anatomy.storage.provenance import words
from anatomy.storage.store import Store


def flags(parser: Parser) -> None:
    parser.epilog = run_help()
    common_flags(parser, "store", "data-root", "device", "json")
    parser.add_argument("--precision", choices=PRECISIONS, default="auto", help="auto: measured here")
    parser.add_argument("--compile", choices=COMPILE, default="auto", help="auto: where it pays over the whole run")
    parser.add_argument("--threads", type=int, help="of the process that trains (default 1)")


def check_own_options(run: Run, given: Settings, flags: Settings) -> None:
    """InputError for an option of a user's own part that has a flag's name: what it is given would go to the flag."""
    for kind, part in run.all_parts():
        for name in parts.signature(kind, part.name) if ":" in part.name else ():
            if name in flags and f"{kind}.{name}" not in given:
                raise InputError(
                    f"option {name!r} of {kind} {part.name!r} has the name of a flag of this command; give it as "
                    f"--{kind}.{name}, or call it otherwise"
                )


def main(known: argparse.Namespace, rest: list[str]) -> int:
    """Train one run, or find it in the store, and print its tables' last rows."""
    given = flat_flags(rest)
    run, store = Run.of(**given), Store(known.store)
    check_own_options(run, given, vars(known))
    if known.threads is not None and not 1 <= known.threads <= MAX_WORKERS:
        raise InputError(f"threads is {known.threads}, but it must be 1 to {MAX_WORKERS}; try {cores()}")
    machine = Machine(known.device, known.precision, known.threads or 0, known.compile)
    machine.check_device()
    outcome = sweep([run], store, data_root=known.data_root, machine=machine, workers=1, rules=claims.rules())
    record = store.record(outcome.keys[0])
    if record is None:
        raise RunFailed(f"run {outcome.keys[0]} was finished and is no longer in {store.root}")
    if known.json:
        print(json.dumps(record, indent=1))
        return 0
    made = record["provenance"]
    how = " ".join(words(name, made[name]) for name in ("precision", "threads"))
    print(f"run {record['key']} ({made['seconds']:.0f} s {how}) in {store.folder(record['key'])}")
    for name, table in record["tables"].items():
        last = {column: values[-1] for column, values in table.items() if values}
        print(
            f"  {name}: " + ", ".join(f"{c} {v:.4g}" if isinstance(v, float) else f"{c} {v}" for c, v in last.items())
        )
    return 0
