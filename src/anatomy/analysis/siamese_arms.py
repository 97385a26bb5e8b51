"""Names for the arms of chapter two."""

import pandas as pd

from anatomy.phase_plan import in_words
from anatomy.settings import Settings

# An option that departs from these is part of an arm's name; `{}` stands for its value.
OPTIONS: dict[str, tuple[object, str]] = {
    "online": ("prediction", "no predictor"),
    "weight": (1.0, "step x {:.2g}"),
    "regularizer": (1.0, "x {:g}"),
    "final_norm": (False, "final BatchNorm"),
    "random_start": (False, "random start"),
    "one_view": (False, "one view pulled"),
}
COMPONENTS = {"center": "$o_e$ only", "residual": "$r_e$ only", "none": "neither part"}
METHODS = {
    "simsiam": "SimSiam",
    "simco": "InfoNCE",
    "byol": "BYOL",
    "symmetric_predictor": "predictor on both",
    "mirror": "Mirror SimSiam",
}

# What the recorder `geometry` writes beside step and images.
QUANTITIES = [
    *("spread", "center", "residual", "rank", "covariance", "p_spread", "p_center", "p_residual"),
    *("length_ratio", "center_cosine", "eta_p", "eta_z", "drift"),
]


def named(table: pd.DataFrame) -> pd.DataFrame:
    """The table with a column `arm`: the method, and the options that are not at their default."""
    settings = [name for name in ("method", "component", "temperature", "phases", *OPTIONS) if name in table]
    names = {row: arm_name(dict(zip(settings, row, strict=True))) for row in set(_rows(table, settings))}
    return table.assign(arm=[names[row] for row in _rows(table, settings)])


def arm_name(settings: Settings) -> str:
    """Of one run's settings; a missing value is an option that its method does not have."""
    given = {name: value for name, value in settings.items() if not pd.isna(value)}
    method = str(given["method"])
    words = [in_words(str(given["phases"])) if method == "phases" else METHODS.get(method, method.replace("_", " "))]
    if method == "simco":
        words.append(f"T = {given['temperature']:g}")
    words += [COMPONENTS[given["component"]]] if given.get("component", "both") in COMPONENTS else []
    words += [text.format(given[name]) for name, (usual, text) in OPTIONS.items() if given.get(name, usual) != usual]
    return ", ".join(words)


def long(table: pd.DataFrame) -> pd.DataFrame:
    """The recorder's rows, one a number: columns `quantity` and `value` in place of its own; what was absent is left
    out."""
    settings = [name for name in table if name not in QUANTITIES]
    return table.melt(id_vars=settings, var_name="quantity", value_name="value").dropna(subset="value")


def _rows(table: pd.DataFrame, settings: list[str]) -> list[tuple[object, ...]]:
    # None, since two NaN are two keys of a dictionary.
    plain = table[settings].astype(object)
    return list(plain.where(plain.notna(), None).itertuples(index=False, name=None))
