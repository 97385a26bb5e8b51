"""The phases of a run that switches between objectives."""

import pandas as pd

from anatomy.phase_plan import plan_of


def phases_of(text: str, last: int) -> pd.DataFrame:
    """Rows (objective, start, end, whole) in steps of `center 40, residual 40`, repeated up to step `last`."""
    plan = plan_of(text)
    rows: list[dict[str, object]] = []
    start = 0
    while start < last:
        name, steps = plan[len(rows) % len(plan)]
        end = start + steps
        rows.append({"objective": name, "start": start, "end": min(end, last), "whole": end <= last})
        start = end
    return pd.DataFrame(rows)
