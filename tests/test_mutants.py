"""The table of `make mutants` fits the code: noticed here, within a second, and not only by the whole check."""

import pytest

from mutant_tables import MUTANTS
from mutant_tables.mutant import Mutant, changed, misfits


def test_every_mutant_fits_the_code() -> None:
    assert misfits(MUTANTS) == []


def test_a_mutant_that_does_not_fit_is_an_error() -> None:
    mutant = Mutant("x", "similarity.py", "a", "b", ())
    assert changed(mutant, "xax") == "xbx"
    for text in ("xx", "aa"):
        with pytest.raises(ValueError, match="not once"):
            changed(mutant, text)


def test_each_mutant_has_a_name_of_its_own() -> None:
    names = [(mutant.file, mutant.what) for mutant in MUTANTS]
    assert len(set(names)) == len(names) >= 100
