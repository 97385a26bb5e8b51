"""The page that says where the runs were made."""

import re

import pandas as pd
import pytest

import reproducibility
from anatomy.pages.other_processors import MINUTES, NUMBERS, VERDICTS
from anatomy.pages.reproducibility import COLUMNS

RUNS = pd.DataFrame(
    [("xeon-amx-bf16", "normalization", "laptop", "shapes", 93, 41.7, "CPU", ["normalization-1", "normalization-3"])],
    columns=COLUMNS,
)
VERDICT = ("normalization-1", "laptop", "shapes", 30, "xeon-amx-bf16", "holds", 0.5, 0.1, 0.9,
           "epyc-avx2-fp32", "undecided", 0.25, -0.3, 0.8, False)  # fmt: skip
NO_VERDICTS, NO_NUMBERS = pd.DataFrame(columns=VERDICTS), pd.DataFrame(columns=NUMBERS)
OTHERS: dict = {"epyc-avx2-fp32": {}}


def test_one_kind_of_processor_leaves_nothing_to_compare() -> None:
    page = reproducibility.page(RUNS, NO_VERDICTS, NO_NUMBERS, {})
    assert "| kind of processor | chapter | preset | data set | runs | minutes | claims |" in page
    assert "| xeon-amx-bf16 | 4 | laptop | shapes | 93 | 42 CPU | normalization-1, 3 |" in page
    assert page.rstrip().endswith("No run is published from a second kind of processor.")


def test_ids_in_short() -> None:
    ids = ["transformation-1", "transformation-2", "transformation-3", "transformation-6", "mixing-2"]
    assert reproducibility.in_short(ids) == "transformation-1 to 3, 6; mixing-2"
    assert reproducibility.in_short([]) == ""


def test_no_run_at_all() -> None:
    page = reproducibility.page(pd.DataFrame(columns=COLUMNS), NO_VERDICTS, NO_NUMBERS, {})
    assert "No run is published.\n" in page


def test_verdicts_and_numbers_stand_side_by_side() -> None:
    numbers = pd.DataFrame(
        [("a", "knn", "accuracy", "xeon-amx-bf16", 40.0, "epyc-avx2-fp32", 40.5, 0.5),
         ("b", "knn", "accuracy", "xeon-amx-bf16", 40.0, "epyc-avx2-fp32", 39.0, -1.0)], columns=NUMBERS,
    )  # fmt: skip
    page = reproducibility.page(RUNS, pd.DataFrame([VERDICT], columns=VERDICTS), numbers, OTHERS)
    assert "0 of 1 verdicts are the same." in page
    assert "| holds | 0.5 (0.1 to 0.9) | epyc-avx2-fp32 | undecided | 0.25 (−0.3 to 0.8) |" in page
    assert (
        "- normalization-1: holds, 0.5 (0.1 to 0.9), and undecided, 0.25 (−0.3 to 0.8); the intervals meet, so" in page
    )
    assert "| xeon-amx-bf16 | epyc-avx2-fp32 | knn | accuracy | 2 | −0.25 | 1 |" in page


def test_verdicts_that_differ_may_lie_apart_and_a_verdict_may_have_no_number() -> None:
    row = dict(zip(VERDICTS, VERDICT, strict=True))
    assert reproducibility.difference(row | {"other_low": 0.95}).endswith("; the intervals do not meet.")
    above = {"other_estimate": 1.1, "other_low": 1.0, "other_high": 1.2}
    assert reproducibility.difference(row | above).endswith("; the intervals do not meet.")
    assert reproducibility.estimated(float("nan"), None, None) == "–"
    assert reproducibility.estimated(3e-15, None, None) == "3e−15"
    assert reproducibility.estimated(-4e-16, -1.0, 1.0) == "0 (−1 to 1)"


def test_others_without_a_whole_claim() -> None:
    page = reproducibility.page(RUNS, NO_VERDICTS, NO_NUMBERS, OTHERS)
    assert "No claim has all of its runs from a second kind; those that were drawn by lot stand below." in page


@pytest.mark.slow
def test_the_page_of_what_is_published() -> None:
    page = reproducibility.reproducibility_page()
    assert "| xeon-amx-bf16 |" in page
    assert not re.search(r"\bnan\b", page)


def test_durations_name_a_chapter_by_its_number() -> None:
    row = ("normalization", "laptop", 93, "xeon-amx-bf16", 26.2, "epyc-avx512-bf16", 11.2, 0.43)
    said = reproducibility.durations(pd.DataFrame([row], columns=MINUTES))
    assert "| 4 | laptop | 93 | xeon-amx-bf16 | 26.2 | epyc-avx512-bf16 | 11.2 | 0.43 |" in said
    assert reproducibility.durations(pd.DataFrame(columns=MINUTES)) == ""
