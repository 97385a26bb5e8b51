"""family-23: a fixed scattering transform is a better start of a network than layers that learn."""

from anatomy.arms.loss_family import learned, over_info_nce
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables


def fixed_minus_learned(tables: Tables) -> Sample:
    return over_info_nce(tables, "simco", backbone="scatnet", orientations=8)


CLAIM = Claim(
    module=__name__,
    statement="A fixed scattering transform in the place of a network's first layers gives a higher accuracy.",
    attribution="ours",
    source="Restated here for one network and equal images. Kinakh et al. 2021, arXiv:2108.13939 (ScatSimCLR), whose "
    "repository gives accuracies, and none with the first layers learned was seen.",
    quantity="kNN accuracy in points, SimCo with InfoNCE at a batch of 256: scatnet, whose stem and first block are a "
    "scattering transform of 8 orientations, minus resnet8, in which they learn.",
    parts={"fixed minus learned": Part(Difference(0.5), fixed_minus_learned, mechanism=learned("SimCo with InfoNCE"))},
    min_preset="overnight",
)
