"""family-11: whether CACR's weights are detached changes little."""

from anatomy.arms.loss_family import accuracies, learned
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Equivalence, Part, Sample, Tables


def detached_minus_not(tables: Tables) -> Sample:
    detached = accuracies(tables, "cacr", detach_weights=True)
    return contrast((1, detached), (-1, accuracies(tables, "cacr")))


CLAIM = Claim(
    module=__name__,
    statement="CACR gives the same accuracy, to within a point, whether its weights are detached or not.",
    attribution="ours",
    source="Restated here as an equivalence, since no direction was stated: the authors' small-scale code "
    "(JegZheng/CACR-SSL, Zheng et al. 2023, arXiv:2105.03746) lets the gradient through, their MoCo does not.",
    quantity="kNN accuracy in points, SimCo with CACR at a batch of 256 and T = 0.1: detached minus not.",
    parts={
        "detached minus not": Part(
            Equivalence(1.0),
            detached_minus_not,
            mechanism=learned("SimCo with CACR", lambda tables: accuracies(tables, "cacr")),
        )
    },
    margins="one point",
    min_preset="overnight",
)
