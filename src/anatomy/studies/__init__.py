"""One study a chapter: the arms it asks for, most decisive first. No torch.

A study is a function `arms(base, *, full, grid...) -> list[Arm]`; the notebook of the same name prints its source.
"""

import importlib
from pathlib import Path
from types import ModuleType

from anatomy.errors import InputError, nearest
from anatomy.settings import Settings


def names() -> list[str]:
    """The chapters that have a study."""
    return sorted(file.stem for file in Path(__file__).parent.glob("[!_]*.py"))


def load(chapter: str) -> ModuleType:
    """The module of a chapter's study, or an InputError."""
    if chapter not in names():
        raise InputError(f"unknown chapter {chapter!r}; {nearest(chapter, names())}")
    return importlib.import_module(f"anatomy.studies.{chapter}")


def sizes(chapter: str) -> dict[str, Settings]:
    """What a chapter has otherwise at a preset, by the preset's name."""
    own: dict[str, Settings] = getattr(load(chapter), "SIZES", {})
    return own
