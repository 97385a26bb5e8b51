"""From tables to verdicts and figures."""

from mutant_tables.mutant import Mutant, mutants

MUTANTS: list[Mutant] = [
    *mutants(
        "analysis/bands.py",
        "analysis/test_bands.py",
        ("the lower edge", 'return rows["high"].groupby', 'return rows["low"].groupby'),
        (
            "a band that lacks a rate counts",
            '(bands["norm"] == norm) & (bands["rates"] == bands["rates"].max())',
            '(bands["norm"] == norm)',
        ),
    ),
    *mutants(
        "analysis/circle.py",
        "figures/test_circle.py",
        ("W of the positive, not of the negatives", "logits[0] - above", "above - logits[0]"),
    ),
    *mutants(
        "figures/circle.py",
        "figures/test_circle.py",
        ("pulled to the negatives", "anchor + PUSH * away", "anchor - PUSH * away"),
    ),
    *mutants(
        "analysis/paired.py",
        "analysis/test_paired.py",
        ("the second minus the first", "(first - second).dropna()", "(second - first).dropna()"),
        (
            "not paired by seed",
            'rows.set_index("seed")[value]',
            "rows[value].reset_index(drop=True).rename_axis('seed')",
        ),
    ),
    *mutants(
        "analysis/beside.py",
        "analysis/test_beside.py",
        ("inside is outside", '{True: "inside", False: "outside"}', '{False: "inside", True: "outside"}'),
    ),
    *mutants(
        "analysis/over_seeds.py",
        "analysis/test_over_seeds.py",
        ("several rows a seed in silence", "    _check_one_row(seeds", "    (lambda *_: None)(seeds"),
        ("the interval of one tail", "t.ppf(0.975,", "t.ppf(0.95,"),
    ),
]
