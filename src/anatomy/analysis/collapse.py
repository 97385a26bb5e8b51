"""Which arms have collapsed, in words, by the limits of the claims: a page says so beside every accuracy."""

import pandas as pd

GONE, KEPT = 0.3, 0.6  # of the spread, standard deviation x sqrt(D): below the first collapsed, above the second not


def spread_of_scores(negative: pd.Series) -> pd.Series:
    """The spread of unit embeddings whose mean score with other images is given: 1 - m_o^2 is its square."""
    return (1 - negative.clip(0, 1)) ** 0.5


def in_words(table: pd.DataFrame) -> str:
    """Columns arm, spread, one row a run: which arms have collapsed, or lie between the limits, in some run, with the
    least spread."""
    least = table.groupby("arm", sort=False)["spread"].min()
    gone = [f"{arm} ({value:.2f})" for arm, value in least.items() if value < GONE]
    between = [f"{arm} ({value:.2f})" for arm, value in least.items() if GONE <= value < KEPT]
    found = {"Collapsed": gone, "Between the two limits": between}
    said = [f"{words}: {', '.join(arms)}." for words, arms in found.items() if arms]
    limits = (
        "In brackets the spread of the embeddings for the seed with the least, 0 where all are one point and 1 where "
        f"their mean is zero; below {GONE:g} is collapsed, above {KEPT:g} is not."
    )
    return " ".join([*said, limits]) if said else f"No arm has collapsed: every spread is above {KEPT:g}."
