"""normalization-3: noise shared by the groups stops group normalization, and not batch normalization."""

from anatomy.arms.normalization import runs
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables

CHANCE_LOSS = 2.29  # nats; ln 10 = 2.303 is the loss of a guess among ten classes
FULL, QUARTER = 1.001, 1.001 / 4


def above_chance(norm: str, noise: float, margin: float, sign: int = 1) -> Part:
    """Mean loss of the last two means of ten steps against chance; sign -1: below it."""

    def draw(tables: Tables) -> Sample:
        rows = runs(tables["gradients"], norm=norm, noise_deviation=noise)
        last = rows[rows["step"] > rows["step"].max() - 20].groupby("seed")["loss"].mean().sort_index()
        return Sample.of(sign * (last.to_numpy(dtype=float) - CHANCE_LOSS), rows)

    return Part(Difference(margin), draw, unit="nats")


CLAIM = Claim(
    module=__name__,
    statement="One Gaussian number of deviation 1 for each image and group of channels, added behind every "
    "normalization layer, keeps a VGG with group normalization from learning at Adam's 1e-3, but not one with batch "
    "normalization; a quarter of it does not.",
    attribution="code",
    source="agusgun/CS-570-Project, notebooks: mean 0.001 and deviation 1.001, VGG-11 on CIFAR-10, 50 epochs: GN "
    "10.00 % (one seed), BN 82.07 %. The quarter is our control.",
    quantity="Mean training loss of the last 20 steps against 2.29 nats (10 classes; ln 10 = 2.303): GN's minus "
    "2.29, 2.29 minus BN's, and 2.29 minus GN's with mean and deviation divided by 4.",
    parts={
        "group does not learn": above_chance("group", FULL, margin=0.01),
        "batch does": above_chance("batch", FULL, margin=0.05, sign=-1),
        "group does, with a quarter of it": above_chance("group", QUARTER, margin=0.05, sign=-1),
    },
    margins="",
    notes="It speaks of the end of these runs: a delay that lasts longer than they do looks the same.",
    min_preset="laptop",
)
