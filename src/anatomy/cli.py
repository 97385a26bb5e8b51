"""The command line: `anatomy run`, `study`, `status`, `store`, `claims`, `publish`, `doctor`, `data`.

Exit codes: 0 done; 2 the input is wrong (one sentence, nothing written); 1 it failed (what was finished is kept).
Torch is imported by worker processes only, so a command that reads answers at once.
"""

if __name__ == "__main__":  # as in __main__.py, before the imports below
    from anatomy.signals import answer, leave

    answer(leave)

import argparse
import json
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, NoReturn

from anatomy import claims, data, presets, studies, verify
from anatomy.config import Run
from anatomy.errors import InputError, RunFailed, escape_unencodable, nearest, printable
from anatomy.flags import flat_flags, refuse_rest, run_help, size_in_bytes, study_help
from anatomy.machine import COMPILE, PRECISIONS, Machine, commit, cores, cpu_model
from anatomy.parameters import MOST
from anatomy.paths import given_path
from anatomy.provenance import words
from anatomy.record import as_published, published
from anatomy.signals import STOPPED
from anatomy.store import Store, write_whole
from anatomy.study import PUBLISHED, Study
from anatomy.sweep import WORTH, Outcome, sweep
from anatomy.verdicts import ledger, render


class Parser(argparse.ArgumentParser):
    """argparse, answering in our one sentence with the nearest choice."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message[0].lower()}{message[1:]}; `{self.prog} --help` lists what there is")


def main(arguments: Sequence[str] | None = None) -> int:
    """The console script. Returns the exit code."""
    escape_unencodable()
    try:
        given = list(sys.argv[1:] if arguments is None else arguments)
        parser = build_parser()
        if given and not given[0].startswith("-") and given[0] not in COMMANDS:
            raise InputError(f"unknown command {given[0]!r}; {nearest(given[0], COMMANDS)}")
        known, rest = parser.parse_known_args(given)
        if not hasattr(known, "command"):
            parser.print_help()
            return 0
        if getattr(known, "data_root", None):  # not every command opens it
            given_path(known.data_root, "data_root")
        return COMMANDS[known.command](known, rest) or 0
    except InputError as error:
        print(f"anatomy: {error}", file=sys.stderr)
        return 2
    except (RunFailed, OSError, MemoryError) as error:
        print(f"anatomy: {printable(str(error)) or 'there is not enough memory'}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"anatomy: {STOPPED}", file=sys.stderr)
        return 1


def build_parser() -> Parser:
    """All commands with their own flags; those of `run` and `study` that come from code are in their --help's end."""
    parser = Parser(prog="anatomy", description="Train, judge and publish the runs of the book.", allow_abbrev=False)
    sub = parser.add_subparsers(title="commands", parser_class=Parser)

    def command(name: str, text: str, **more: Any) -> Parser:
        made: Parser = sub.add_parser(name, help=text, description=text, allow_abbrev=False, **more)
        made.set_defaults(command=name)
        return made

    raw = argparse.RawDescriptionHelpFormatter
    run = command("run", "Train one run and print what it measured.", epilog=run_help(), formatter_class=raw)
    common_flags(run, "store", "data-root", "device", "json")
    run.add_argument("--precision", choices=PRECISIONS, default="auto", help="auto: measured here")
    run.add_argument("--compile", choices=COMPILE, default="auto", help="auto: where it pays over the whole run")
    run.add_argument("--threads", type=int, help="of the process that trains (default 1)")
    study = command("study", "Train a chapter's runs.", epilog=study_help(), formatter_class=raw)
    study.add_argument("chapter", help=", ".join(studies.names()))
    common_flags(study, "json")
    status = command("status", "How far each chapter is, at each preset, in the store and in records/.")
    common_flags(status, "store", "data-root")
    store = command("store", "List, verify or prune the store.")
    store.add_argument("action", choices=["list", "verify", "prune"])
    store.add_argument("--keep", default="1G", help="prune: bytes that may stay, such as 500M or 1G (default 1G)")
    common_flags(store, "store", "json")
    ledger = command("claims", "The ledger: every claim with its verdicts.")
    common_flags(ledger, "store", "data-root", "json")
    publish = command("publish", "Copy a chapter's finished runs to records/ (tables and provenance, no weights).")
    publish.add_argument("chapter", help=", ".join(studies.names()))
    publish.add_argument("--preset", default="laptop", help="of the study to publish (default laptop)")
    publish.add_argument("--dataset", help="if not the preset's")
    common_flags(publish, "store", "data-root")
    doctor = command("doctor", "What this machine has, and what would be chosen on it.")
    common_flags(doctor, "store", "device", "json")
    one = command("data", "What a data set holds.")
    one.add_argument("name", help="shapes, or a name in --data-root: archive NAME.npz, image folder, torchvision set")
    common_flags(one, "data-root", "json")
    return parser


def common_flags(parser: Parser, *names: str) -> None:
    texts = {
        "store": "folder of runs (default: ANATOMY_STORE, or ./runs)",
        "data-root": "folder of data sets: NAME.npz, image folders, torchvision's files",
        "device": "auto, cpu or cuda (default auto)",
    }
    for name in names:
        if name == "json":
            parser.add_argument("--json", action="store_true", help="print JSON")
        else:
            parser.add_argument(f"--{name}", default="auto" if name == "device" else None, help=texts[name])


def run_command(known: argparse.Namespace, rest: list[str]) -> int:
    """Train one run, or find it in the store, and print its tables' last rows."""
    run, store = Run.of(**flat_flags(rest)), Store(known.store)
    if known.threads is not None and not 1 <= known.threads <= MOST:
        raise InputError(f"threads is {known.threads}, but it must be 1 to {MOST}; try {cores()}")
    machine = Machine(known.device, known.precision, known.threads or 0, known.compile)
    refuse_device(machine)
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


def study_command(known: argparse.Namespace, rest: list[str]) -> int:
    """Train a chapter's runs and print the verdicts."""
    study = Study(known.chapter, **flat_flags(rest))
    refuse_device(study.machine)
    outcome: Outcome = study.train()
    rows = study.verdicts()
    print(ledger.as_json(rows) if known.json else render.as_text(rows))
    if outcome.left:
        print(f"{len(outcome.left)} of {len(outcome.keys)} runs are left; the same command goes on", file=sys.stderr)
    return 0


def refuse_device(machine: Machine) -> None:
    """InputError for a device that is not there, before a worker is started; torch is asked only where it must be."""
    if machine.device not in ("auto", "cpu"):
        machine.settled()


def status_command(known: argparse.Namespace, rest: list[str]) -> int:
    refuse_rest(rest)
    for study in known_studies(known):
        own = sum(study.store.record(key) is not None for key in study.keys)
        there = sum(key in study.published for key in study.keys)
        print(
            f"{study.chapter:<22} {study.preset.name:<10} {study.dataset:<10} "
            f"{own} of {len(study.keys)} runs in the store, {there} published"
        )
    return 0


def known_studies(known: argparse.Namespace) -> list[Study]:
    """Every chapter at every preset, on the preset's data set and on those that the store or records/ has runs of."""
    store = Store(known.store)
    records = [store.record(key) for key in store.keys()]
    records += published(PUBLISHED).values() if PUBLISHED.is_dir() else []
    used = {record["run"].get("dataset", "shapes") for record in records if record}
    found = []
    for chapter in studies.names():
        for preset in presets.PRESETS.values():
            for dataset in sorted({preset.dataset, *used}):
                try:
                    options = {"store": known.store, "data_root": known.data_root if dataset != "shapes" else None}
                    found.append(Study(chapter, preset=preset.name, dataset=dataset, **options))
                except InputError:  # an archive that is not here: its runs' keys cannot be known
                    continue
    return found


def store_command(known: argparse.Namespace, rest: list[str]) -> int:
    refuse_rest(rest)
    store = Store(known.store)
    if known.action == "prune":
        for name in store.prune(size_in_bytes(known.keep)):
            print(f"deleted {name}")
        return 0
    rows = verify.verified(store) if known.action == "verify" else verify.listed(store)
    text = "\n".join(map(str, rows)) or "the store is empty"
    print(json.dumps([asdict(row) for row in rows]) if known.json else text)
    return 1 if any(row.damaged for row in rows) else 0


def claims_command(known: argparse.Namespace, rest: list[str]) -> int:
    """Judge every claim on whatever the store and records/ hold."""
    refuse_rest(rest)
    rows = ledger.ledger([study.as_evidence() for study in with_runs(known)], claims.all_claims())
    print(ledger.as_json(rows) if known.json else render.as_text(rows))
    return 0


def with_runs(known: argparse.Namespace) -> list[Study]:
    """The studies of which there is anything: the store's runs where it has some, else the published ones.

    Not those of the smoke preset, whose numbers are no results.
    """
    chosen = []
    for study in known_studies(known):
        if study.preset.name == "smoke":
            continue
        if not study.found:
            study.records_use = "use"
        if study.found:
            chosen.append(study)
    return chosen


def publish_command(known: argparse.Namespace, rest: list[str]) -> int:
    refuse_rest(rest)
    options = {"store": known.store, "data_root": known.data_root, "dataset": known.dataset}
    study = Study(known.chapter, preset=known.preset, **options)
    found = study.found
    if not found:
        raise InputError(
            f"the store {study.store.root} has no run of {known.chapter} at {known.preset}; train it first"
        )
    for key, record in found.items():
        write_whole(PUBLISHED / f"{key}.json", json.dumps(as_published(record), separators=(",", ":")).encode())
    total = sum(file.stat().st_size for file in PUBLISHED.glob("*.json"))
    print(f"{len(found)} of {len(study.keys)} runs published in {PUBLISHED}, {total / 1e6:.2f} MB in all")
    return 0


def doctor_command(known: argparse.Namespace, rest: list[str]) -> int:
    """Facts, one a line."""
    refuse_rest(rest)
    import torch

    store, machine = Store(known.store), Machine(known.device).settled()
    runs = len(store.keys())
    place = store.root.absolute()
    disk = shutil.disk_usage(next(p for p in (place, *place.parents) if p.exists()))
    browser = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
    facts = {
        "python": sys.version.split()[0],
        "torch": torch.__version__,
        "device": machine.where if machine.gpu else "cpu",
        "cpu": f"{cpu_model()}, {cores()} cores",
        "precision": precision_here(machine),
        "threads": f"{machine.threads} a run; runs at a time: {machine.runs_at_once()}",
        "store": f"{place}, {store.size() / 1e6:.0f} MB in {runs} runs",
        "disk": f"{disk.free / 1e9:.0f} GB free",
        "browser": browser or "none: the browser check is skipped",
        "commit": commit(),
    }
    print(
        json.dumps(facts, indent=1) if known.json else "\n".join(f"{name:<10} {text}" for name, text in facts.items())
    )
    return 0


def precision_here(machine: Machine) -> str:
    """What a study would choose, and why: steps of a small run are timed where a convolution does not settle it."""
    from anatomy.precision import worth_timing
    from anatomy.worker import Task, convolution, speed

    task = Task(Run.of(temperature=0.1, images=1024).content(), "", None, machine, {})
    what, timed = "convolution", convolution(task)
    worth = worth_timing(timed)
    if len(worth) > 1:
        what, timed = "step", speed(task)
        worth = ("bf16" if timed["bf16"] < WORTH * timed["fp32"] else "fp32",)
    ratio = timed["fp32"] / timed["bf16"]
    return f"{worth[0]} (a {what} in bf16 is {ratio:.2f} times as fast as in fp32)"


def data_command(known: argparse.Namespace, rest: list[str]) -> int:
    refuse_rest(rest)
    dataset = data.load(known.name, known.data_root)
    facts = {
        "name": dataset.name,
        "digest": data.digest(known.name, known.data_root),
        "train": list(dataset.train_images.shape),
        "test": list(dataset.test_images.shape),
        "classes": list(dataset.class_names),
        "notes": list(dataset.notes),
    }
    if known.json:
        print(json.dumps(facts, indent=1))
        return 0
    notes = facts.pop("notes")
    lines = [*facts.items(), *(("note", printable(note)) for note in notes)]
    print("\n".join(f"{name:<8} {fact}" for name, fact in lines))
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace, list[str]], int]] = {
    "run": run_command,
    "study": study_command,
    "status": status_command,
    "store": store_command,
    "claims": claims_command,
    "publish": publish_command,
    "doctor": doctor_command,
    "data": data_command,
}

if __name__ == "__main__":
    answer(signal.default_int_handler)
    sys.exit(main())
