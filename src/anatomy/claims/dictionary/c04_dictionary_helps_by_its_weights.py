"""dictionary-4: a large dictionary helps through the scalar part, not the vector part."""

import pandas as pd

from anatomy.arms.dictionary_size import accuracies, unequal_anchors
from anatomy.arms.floor import above_pixels
from anatomy.arms.select import ANY, contrast
from anatomy.settings import Settings
from anatomy.verdicts import Claim, Part, Sample, Shape, Tables


def two_dictionaries(tables: Tables) -> pd.DataFrame:
    # Equal temperatures: only the dictionaries differ.
    equal: Settings = {"temperature_intra": 0.1, "temperature_inter": 0.1}
    return accuracies(tables, method="mocov2", loss="dual_temperature", queue_size_inter=ANY, **equal)


def sizes(tables: Tables) -> tuple[float, float]:
    both = two_dictionaries(tables)[["queue_size", "queue_size_inter"]].astype(float)
    return float(both.min().min()), float(both.max().max())


def scalar_minus_vector(tables: Tables) -> Sample:
    small, large = sizes(tables)
    both = two_dictionaries(tables)
    # `queue_size` holds the vector's negatives, `queue_size_inter` those that the weights W are of.
    large_scalar = both[(both["queue_size"] == small) & (both["queue_size_inter"] == large)]
    large_vector = both[(both["queue_size"] == large) & (both["queue_size_inter"] == small)]
    return contrast((1, large_scalar), (-1, large_vector))


def baseline(tables: Tables) -> pd.DataFrame:
    small, _ = sizes(tables)
    return accuracies(tables, method="mocov2", loss="info_nce", queue_size=small)


CLAIM = Claim(
    module=__name__,
    statement="A large dictionary helps mainly through the scalar part of the gradient, the weights W of the "
    "anchors, and not through the vector part, which shares an anchor's force among its negatives.",
    attribution="ours",
    source="Restated here; the direction is inferred. Zhang et al. 2022, arXiv:2203.17248, compare dictionaries for "
    "the two parts according to a reading by others; their sentence and their table were not seen.",
    quantity="kNN accuracy in points, MoCo v2 with two dictionaries and both temperatures 0.1: (scalar from the large "
    "dictionary, vector from the small one) minus (scalar from the small one, vector from the large one). Never a "
    "ratio of gains, whose denominator may be 0.",
    parts={
        "contrast": Part(
            Shape(0.5), scalar_minus_vector, mechanism=above_pixels("InfoNCE with the small dictionary", baseline)
        )
    },
    mechanism=unequal_anchors("InfoNCE with the small dictionary alone", baseline),
    notes="Both arms have the same epochs and passes.",
    min_preset="overnight",
)
