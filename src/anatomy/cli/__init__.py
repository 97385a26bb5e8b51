"""The command line: a module a command, imported when it is asked for, so that each imports only what it uses.

A command's module has `flags(parser)` and `main(known, rest)`, where `rest` are the flags that come from code.
Exit codes: 0 done; 2 the input is wrong (one sentence, nothing written); 1 it failed (what was finished is kept).
Torch is imported by worker processes only, so a command that reads answers at once.
"""

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from anatomy.cli.parser import Parser
from anatomy.errors import InputError, RunFailed, escape_unencodable, nearest, printable, system_error
from anatomy.paths import given_path
from anatomy.signals import STOPPED

COMMANDS = {
    "run": "Train one run and print what it measured.",
    "study": "Train a chapter's runs.",
    "plan": "The runs of a chapter at a preset: every setting, and where its value comes from.",
    "status": "How far each chapter is, at each preset, in the store and in records/.",
    "store": "List, verify or prune the store.",
    "claims": "The ledger: every claim with its verdicts.",
    "figure": "Draw a figure of the book again from records, or train its runs again.",
    "publish": "Copy a chapter's finished runs to records/ (tables and provenance, no weights).",
    "cluster": "What the workers of a cluster are, and which would take part in a study.",
    "doctor": "What this machine has, and what would be chosen on it.",
    "data": "What a data set holds.",
    "new-chapter": "Make the files of a chapter that runs, for you to fill.",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The console script. Returns the exit code."""
    escape_unencodable()
    try:
        code = answer_to(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
        return code
    except InputError as error:
        print(f"anatomy: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # its reader has read enough (`| head`)
        drop_output()
        return 1
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EFBIG) and not error.filename:  # files say their names (`write_whole`)
            error.filename = "standard output"
            drop_output()
        print(f"anatomy: {printable(system_error(error))}", file=sys.stderr)
        return 1
    except (RunFailed, MemoryError) as error:
        print(f"anatomy: {printable(str(error)) or 'there is not enough memory'}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"anatomy: {STOPPED}", file=sys.stderr)
        return 1


def drop_output() -> None:
    """What cannot be written is not tried again when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def answer_to(given: list[str]) -> int:
    try:
        Path.cwd()
    except FileNotFoundError:
        raise InputError("the folder that this was started in has been deleted; start it in another") from None
    if given and not given[0].startswith("-") and given[0] not in COMMANDS:
        raise InputError(f"unknown command {given[0]!r}; {nearest(given[0], COMMANDS)}")
    module, parser = module_of(given), build_parser(given)
    known, rest = parser.parse_known_args(given)
    if module is None:
        parser.print_help()
        return 0
    if getattr(known, "data_root", None):  # not every command opens it
        given_path(known.data_root, "data_root")
    return module.main(known, rest) or 0


def module_of(given: list[str]) -> ModuleType | None:
    """Of the command that is asked for: the first word that is no flag."""
    name = next((word for word in given if not word.startswith("-")), None)
    return import_module(module_name(name)) if name in COMMANDS else None


def module_name(command: str) -> str:
    return f"{__name__}.{command.replace('-', '_')}"


def build_parser(given: list[str]) -> Parser:
    """All commands, and the flags of the one that is asked for."""
    parser = Parser(prog="anatomy", description="Train, judge and publish the runs of the book.", allow_abbrev=False)
    sub = parser.add_subparsers(title="commands", parser_class=Parser)
    asked, raw = module_of(given), argparse.RawDescriptionHelpFormatter
    for name, text in COMMANDS.items():
        one = sub.add_parser(name, help=text, description=text, allow_abbrev=False, formatter_class=raw)
        if asked is not None and asked.__name__ == module_name(name):
            asked.flags(one)
    return parser
