"""Chapter four: what is said of normalization-1 to 9; 6 is a demonstration, which the page shows by its numbers."""

from anatomy.readings import Reading, Short

READINGS = {
    "normalization-1": Reading(
        "GN's band of losses lies higher than BN's, and its gradient varies more",
        "GN's band of losses lies higher than BN's, and its band of gradient changes is wider.",
        "GN's band of losses does not lie higher than BN's, or its band of gradient changes is not wider.",
    ),
    "normalization-2": Reading(
        "GN helps in the first thousand steps and not after five thousand",
        "GN lowers the band of losses in the first thousand steps; from step 5,000 on it does not.",
        "GN does not lower the band of losses in the first thousand steps, or still does after step 5,000.",
    ),
    "normalization-3": Reading(
        "the noise stops GN and not BN",
        "Under the noise the network with GN does not learn and the one with BN does; with a quarter of it GN learns.",
        "The noise does not stop GN alone: GN learns, or BN does not, or a quarter of the noise stops GN too.",
    ),
    "normalization-4": Reading(
        "weight decay costs GN more than BN, and dropout does not",
        "Weight decay costs GN more accuracy than BN; dropout does not.",
        "Weight decay does not cost GN more accuracy than BN, or dropout does.",
    ),
    "normalization-5": Reading(
        "GN+ is better than GN at every batch size",
        "GN+ is more accurate than GN at every batch size.",
        "GN+ is not more accurate than GN at every batch size.",
    ),
    "normalization-7": Reading(
        "GN+ is worse than GN on SVHN",
        "On SVHN, GN+ is less accurate than GN.",
        "On SVHN, GN+ is not less accurate than GN.",
    ),
    "normalization-8": Reading(
        "BN's lead over GN is smaller in small batches",
        "BN's lead over GN is smaller in the smallest batch than in the largest, at equal images and at equal steps.",
        "BN's lead over GN is not smaller in the smallest batch than in the largest, either at equal images or at "
        "equal steps.",
    ),
    "normalization-9": Reading(
        "with weight standardization GN is as good as BN",
        "With weight standardization GN is not worse than BN by a point at any batch size, nor is BCN where it was "
        "trained.",
        "Even with weight standardization GN, or BCN, is worse than BN at some batch size.",
    ),
}

WORDS = (
    "BN normalizes a channel over the images of a batch, GN a group of channels within one image, and GN+ mixes GN "
    "with a normalization over the batch. A band is the range of losses, or of changes of the gradient, over five "
    "learning rates. The noise is one number for each image and group of channels, drawn at every step and added after "
    "each normalization. A guess among ten classes has a loss of 2.30 nats; a network whose loss stays above 2.29 has "
    "not learned."
)
SHORT = {
    "normalization-1": Short(
        "fig-bands",
        {
            "height of the loss band": "height of the loss band, GN minus BN",
            "width of the head-gradient band": "ratio of the widths of the bands of gradient changes, GN over BN",
        },
    ),
    "normalization-3": Short(
        "fig-noise",
        {
            "group does not learn": "loss of GN with noise, minus 2.29",
            "batch does": "2.29 minus the loss of BN with noise",
            "group does, with a quarter of it": "2.29 minus the loss of GN with a quarter of the noise",
        },
    ),
    "normalization-5": Short("fig-sweep", {"": "accuracy, GN+ minus GN"}),
    "normalization-8": Short("fig-equal", {"": "lead of BN over GN, largest batch minus smallest"}),
}
