"""decomposition-9: InfoNCE's residual gradient decorrelates at middle temperatures, and only there."""

from anatomy.arms.vector_decomposition import gradient_parts
from anatomy.verdicts import Claim, Part, Sample, Shape, Tables


def above(end: float) -> Part:
    """The mean alignment at 0.1 and 0.2 less that at one end of the temperatures."""

    def draw(tables: Tables) -> Sample:
        at, rows = gradient_parts(tables, "alignment")
        return Sample.of((at[[0.1, 0.2]].mean(axis=1) - at[end]).to_numpy(), rows)

    return Part(Shape(0.4), draw, unit="")


CLAIM = Claim(
    module=__name__,
    statement="The residual part of InfoNCE's gradient points along the decorrelating direction at temperatures of "
    "0.1 to 0.2, and neither at much lower nor at much higher ones.",
    attribution="paper",
    source="Figure 5c of Zhang et al. 2022, arXiv:2203.16262, read off the curve: cosine about 0 below 0.05, 0.80 to "
    "0.84 at 0.1 to 0.2, about 0.08 at 1.",
    quantity="Cosine of r_e and the descent direction of the sum over i != j of C_ij^2, all anchors read as one "
    "vector, on unseen images, network trained by InfoNCE at 0.1: mean at 0.1 and 0.2 minus at 0.02, and minus at 1.",
    parts={"minus low end": above(0.02), "minus high end": above(1.0)},
    margins="half of the paper's about 0.8",
    notes="o_e is the center of the keys of the same batch. Controls on the page, not judged: whitened embeddings, "
    "and the center of other images.",
    min_preset="laptop",
)
