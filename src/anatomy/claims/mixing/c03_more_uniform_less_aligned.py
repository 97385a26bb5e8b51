"""mixing-3: hard mixed negatives spread the embeddings more evenly and align positives a little worse."""

from anatomy.arms.score_visualization import accuracies
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables


def change(tables: Tables, column: str, sign: int) -> Sample:
    """With mixing minus without; sign -1: the other way round."""
    plain, hard = (accuracies(tables, name, measure="alignment_uniformity") for name in ("none", "mochi"))
    return contrast((sign, hard), (-sign, plain), of=column)


def more_uniform(tables: Tables) -> Sample:
    return change(tables, "uniformity", -1)


def less_aligned(tables: Tables) -> Sample:
    return change(tables, "alignment", 1)


CLAIM = Claim(
    module=__name__,
    statement="Negatives mixed from the hardest ones make the embeddings of MoCo v2 more uniform on the sphere, and "
    "its positives less aligned.",
    attribution="ours",
    source="Restated here. That Kalantidis et al. 2020, arXiv:2010.01028, report it is known only at second hand; the "
    "two measures are those of Wang and Isola 2020, arXiv:2005.10242.",
    quantity="On two random views of unseen images: uniformity (nats, lower is more even), MoCo v2 minus the same with "
    "mixing; and alignment (squared distance of positives), with mixing minus without.",
    parts={
        "more uniform": Part(Difference(0.05), more_uniform, unit="nats"),
        "less aligned": Part(Difference(0.01), less_aligned, unit=""),
    },
    min_preset="overnight",
)
