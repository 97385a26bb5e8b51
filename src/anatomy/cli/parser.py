"""argparse as the commands use it."""

import argparse
from typing import NoReturn

from anatomy.errors import InputError


class Parser(argparse.ArgumentParser):
    """argparse, answering in our one sentence with the nearest choice."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message[0].lower()}{message[1:]}; `{self.prog} --help` lists what there is")


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
