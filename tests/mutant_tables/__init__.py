"""The table of `make mutants`, a file for each room of the package."""

from importlib import import_module
from pkgutil import iter_modules

from mutant_tables.mutant import Mutant

MUTANTS: list[Mutant] = [
    mutant
    for room in iter_modules(__path__)
    for mutant in getattr(import_module(f"{__name__}.{room.name}"), "MUTANTS", ())
]
