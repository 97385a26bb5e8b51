"""family-22: a temperature that the network reads off an anchor is high where the anchor is hard."""

from anatomy.arms.loss_family import accuracies, learned
from anatomy.arms.select import recorded
from anatomy.verdicts import Claim, Part, Sample, Shape, Tables


def minus_correlation(tables: Tables) -> Sample:
    arm = accuracies(tables, "", method="anchor_temperature")
    return Sample.of(-recorded(tables["temperatures"], arm, "with_positive", share=0.1).to_numpy(dtype=float), arm)


CLAIM = Claim(
    module=__name__,
    statement="A temperature that the network learns for each anchor is higher where the anchor's positive is farther.",
    attribution="ours",
    source="Restated here. Zhang et al. 2021, arXiv:2110.04403: the abstract, which was seen, takes a temperature that "
    "is learned for each input for a measure of uncertainty.",
    quantity="Minus the correlation of an anchor's temperature with its similarity to its positive, in the batch, over "
    "the last tenth of the steps, SimCo at a batch of 256.",
    parts={
        "minus correlation": Part(
            Shape(0.1),
            minus_correlation,
            unit="correlation",
            mechanism=learned(
                "SimCo with a temperature for each anchor",
                lambda tables: accuracies(tables, "", method="anchor_temperature"),
            ),
        )
    },
    margins="a correlation of 0.1",
    min_preset="overnight",
)
