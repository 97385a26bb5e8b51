"""From tables to verdicts and figures."""

from mutant_tables.mutant import Mutant, mutants

MUTANTS: list[Mutant] = [
    *mutants(
        "readings/__init__.py",
        "readings/test_readings.py book/test_short_answer.py",
        (
            "undecided is said to fail",
            'if verdict.word in ("undecided", "not run"):\n            return f"It',
            'if False:\n            return f"It',
        ),
        ("the short answer says the other thing", "{self.holds if verdict.word", "{self.fails if verdict.word"),
        ("any part has the words of all others", "if known else", "if False else"),
        ("a part is decided before it has its seeds", "part.word == word and part.n >= seeds", "part.word == word"),
        ("what these runs cannot show is decided", "or CANNOT_SHOW in verdict.note:", "or False:"),
        ("a part not run as often counts", 'seeds * (verdict.word == "not run")', "0"),
    ),
    *mutants(
        "study/whole_units.py",
        "test_whole_units.py",
        ("a part of a seed is published", "lacking := len(keys) - len(keys & there.keys())", "lacking := 0"),
        ("two kinds at a seed are published", "if mixed", "if False"),
        ("whole in one claim, and kept back for another", "published.keys() - whole", "published.keys()"),
    ),
    *mutants(
        "study/ladder.py",
        "test_ladder.py",
        ("a run that is too short stands for another length", "if other.epochs != run.epochs", "if True"),
    ),
    *mutants(
        "analysis/lines.py",
        "analysis/test_lines.py",
        ("a line that falls has a hump", "0 < top < len(line) - 1", "0 <= top < len(line) - 1"),
    ),
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
        ("the second minus the first", "(one[value] - other[value])", "(other[value] - one[value])"),
        (
            "not paired by seed",
            '(rows.set_index("seed") for',
            "(rows.reset_index(drop=True).rename_axis('seed') for",
        ),
        ("two processors compared", "if MADE_ON in one and MADE_ON in other:", "if False:"),
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
        ("the interval of one tail", "lower=1), 0.975)", "lower=1), 0.95)"),
    ),
    *mutants(
        "verdicts/trend.py",
        "verdicts/test_trend.py",
        (
            "a trend by an insignificant change",
            "larger = _side(change) * _side(mean(t + b))",
            "larger = _side(mean(t + b))",
        ),
        (
            "flat by an insignificant change",
            "if -margin < change.low and change.high < margin:",
            "if not _side(change):",
        ),
        ("a change of sign is growth", "_side(mean(b)) * _side(mean(t)) < 0", "False"),
    ),
    *mutants(
        "hardware/processors.py",
        "test_processors.py verdicts/test_ledger.py",
        ("two kinds at a seed are judged", "if len(found) > 1", "if len(found) > 2"),
        ("a kind without its precision", "-{provenance['precision']}", ""),
    ),
    *mutants(
        "verdicts/first_seeds.py",
        "test_designed.py",
        ("later seeds are read", 'table["seed"].isin(self.seeds)', 'table["seed"].notna()'),
    ),
    *mutants(
        "verdicts/designs.py",
        "test_designed.py",
        ("a power that is too little goes unsaid", "or min(known) >= POWER:", "or min(known) >= 0:"),
        ("always the least number of seeds", 'return LEAST if known is None else known["n"]', "return LEAST"),
    ),
    *mutants(
        "arms/select.py",
        "arms/test_select.py",
        ("an option that a run lacks is another arm's", "rows[pd.isna(values) | _equal", "rows[_equal"),
        ("any value, and none too", "return ~pd.isna(words)", "return pd.isna(words) | True"),
    ),
    *mutants(
        "runs/arm.py",
        "test_designed.py",
        ("controls with every seed", "return seeds[:1]", "return seeds"),
        ("every arm with every seed", "return seeds if needed is None else seeds[: needed(arm)]", "return seeds"),
        ("the first data set for all", "return _CHECKED[known].model_copy(update=named)", "return _CHECKED[known]"),
        ("a user's file as it was", 'if ":" in known:', "if False:"),
    ),
]
