"""dictionary-11: old negatives hurt."""

import pandas as pd

from anatomy.arms.dictionary_size import accuracies
from anatomy.arms.floor import above_pixels
from anatomy.arms.select import ANY, contrast
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables


def both(tables: Tables) -> tuple[pd.DataFrame, pd.DataFrame]:
    """With the newest keys, and with as many old ones."""
    aged = accuracies(tables, method="mocov2", loss="info_nce", queue_skip=ANY)
    # From the second pass on: before it, a queue that skips so many keys still holds random ones.
    later = aged[(aged["skip_from"].astype(float) > 0) & (aged["queue_skip"] > 0)]
    old = later[later["queue_skip"] == later["queue_skip"].max()]
    # At the same K, so that nothing but the age differs.
    return aged[(aged["queue_skip"] == 0) & aged["queue_size"].isin(old["queue_size"])], old


def new_minus_old(tables: Tables) -> Sample:
    new, old = both(tables)
    return contrast((1, new), (-1, old))


def new(tables: Tables) -> pd.DataFrame:
    return both(tables)[0]


CLAIM = Claim(
    module=__name__,
    statement="Old negatives hurt: keys of earlier states of the encoder give a lower accuracy than as many new ones.",
    attribution="ours",
    source="Restated here. Zhang et al. 2022, arXiv:2203.17248, ask that positives and negatives come from the same "
    "state of the key encoder according to a reading by others; their sentence and their table were not seen.",
    quantity="kNN accuracy in points, MoCo v2 with InfoNCE at one K: the newest K keys as negatives minus, from the "
    "second pass on, the K keys before the largest number of skipped newest ones.",
    parts={"new minus old": Part(Difference(0.5), new_minus_old, mechanism=above_pixels("MoCo v2 with new keys", new))},
    notes="Both arms have the same K, epochs and passes.",
    min_preset="overnight",
)
