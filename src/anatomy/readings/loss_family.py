"""Chapter five: what is said of family-2 to 22."""

from anatomy.readings import Reading, Short

READINGS = {
    "family-2": Reading(
        "the hard-negative loss, not debiased, draws most negatives nearer at T = 0.1",
        "At T = 0.1 the hard-negative loss, not debiased, draws more than half of all negatives nearer to their "
        "anchor, on networks trained with InfoNCE.",
        "At T = 0.1 the hard-negative loss, not debiased, does not draw more than half of all negatives nearer.",
    ),
    "family-3": Reading(
        "decoupling helps, most of all in a small batch",
        "DCL has a higher accuracy than InfoNCE at a batch of 32, and leads by more there than at 256.",
        "DCL does not both lead InfoNCE at a batch of 32 and lead by more there than at 256.",
    ),
    "family-4": Reading(
        "a tuned InfoNCE is as good as a tuned DCL",
        "With the same tuning InfoNCE is not worse than DCL by a point or more.",
        "Even with the same tuning InfoNCE is worse than DCL by more than a point.",
    ),
    "family-5": Reading(
        "decoupling changes nothing at a high temperature",
        "At a temperature of 0.5 and a batch of 256 DCL and InfoNCE have the same accuracy, to within a point.",
        "Even at a temperature of 0.5 DCL and InfoNCE differ in accuracy by more than a point, at a batch of 256.",
    ),
    "family-6": Reading(
        "weighting positives by their distance helps DCL",
        "DCLW has a higher accuracy than DCL.",
        "DCLW does not have a higher accuracy than DCL.",
    ),
    "family-7": Reading(
        "hard negatives, debiased as in their authors' code, help",
        "Hard negatives, debiased as in their authors' code, give a higher accuracy than InfoNCE.",
        "Hard negatives, debiased as in their authors' code, do not give a higher accuracy than InfoNCE.",
    ),
    "family-8": Reading(
        "debiasing helps",
        "The debiased loss gives a higher accuracy than InfoNCE.",
        "The debiased loss does not give a higher accuracy than InfoNCE.",
    ),
    "family-9": Reading(
        "CACR with one positive beats InfoNCE",
        "With one positive CACR has a higher accuracy than InfoNCE.",
        "With one positive CACR does not have a higher accuracy than InfoNCE.",
    ),
    "family-10": Reading(
        "four positives beat one, and weighting them beats a plain mean",
        "CACR is better with four positives than with one, and better than the plain mean of InfoNCE over four.",
        "CACR is not better with four positives than with one, or not better than the plain mean of InfoNCE over four.",
    ),
    "family-11": Reading(
        "it matters little whether CACR's weights are detached",
        "CACR has the same accuracy, to within a point, with and without its weights detached.",
        "CACR's accuracy differs by more than a point with and without its weights detached.",
    ),
    "family-12": Reading(
        "false negatives hurt",
        "InfoNCE gives a higher accuracy without negatives of the anchor's own class.",
        "InfoNCE does not give a higher accuracy without negatives of the anchor's own class.",
    ),
    "family-13": Reading(
        "a tuned InfoNCE is as good as a tuned DCL in a small batch too",
        "With the same tuning InfoNCE is not worse than DCL by a point or more at a batch of 32, either.",
        "Even with the same tuning InfoNCE is worse than DCL by more than a point at a batch of 32.",
    ),
    "family-14": Reading(
        "CACR weighs its four positives nearly alike",
        "CACR's weights for four positives have more than 95 % of the largest possible entropy.",
        "CACR's weights for four positives have less than 95 % of the largest possible entropy.",
    ),
    "family-15": Reading(
        "CACR copes better with classes of unequal size",
        "Where classes are of unequal size, CACR loses less accuracy than InfoNCE.",
        "Where classes are of unequal size, CACR does not lose less accuracy than InfoNCE.",
    ),
    "family-16": Reading(
        "a temperature can be learned",
        "A temperature that is trained with the network is not worse than T = 0.1 by a point or more.",
        "A temperature that is trained with the network is worse than T = 0.1 by more than a point.",
    ),
    "family-17": Reading(
        "AMCL's temperatures add to its heads",
        "AMCL has a higher accuracy than InfoNCE over as many heads.",
        "AMCL does not have a higher accuracy than InfoNCE over as many heads.",
    ),
    "family-18": Reading(
        "AMCL's regularizer lets a temperature go to its limit",
        "In at least one head of AMCL the temperatures of positives end below 0.001.",
        "In no head of AMCL do the temperatures of positives end below 0.001.",
    ),
    "family-19": Reading(
        "a further positive that is made helps",
        "A further positive made of the pair gives a higher accuracy.",
        "A further positive made of the pair does not give a higher accuracy.",
    ),
    "family-20": Reading(
        "positives moved on the sphere help",
        "Positives that are moved on the sphere give a higher accuracy.",
        "Positives that are moved on the sphere do not give an accuracy that is higher by half a point.",
    ),
    "family-21": Reading(
        "cluster means are as good as keys",
        "64 cluster means are as good negatives as 4,096 keys, to within a point.",
        "With 64 cluster means instead of 4,096 keys, the accuracy differs by more than a point.",
    ),
    "family-22": Reading(
        "hard anchors get a high temperature",
        "A temperature that is learned for each anchor is higher where its positive is farther away.",
        "A temperature that is learned for each anchor is not higher where its positive is farther away.",
    ),
    "family-23": Reading(
        "a fixed scattering transform is the better front end for a network",
        "A fixed scattering transform instead of the first layers gives a higher accuracy.",
        "A fixed scattering transform instead of the first layers does not give a higher accuracy.",
    ),
}

WORDS = (
    "An anchor is one view of an image, its positive is another one, and its negatives are other images. Decoupling "
    "leaves the positive out of the sum in the denominator of InfoNCE, which gives DCL; the hard-negative loss gives "
    "more weight to negatives near the anchor. A negative is drawn nearer where its weight pulls instead of pushing; "
    "all of them would be 0.5 above one half."
)
SHORT = {
    "family-2": Short(
        "fig-family-map",
        {"share drawn nearer, minus one half": "share of the negatives drawn nearer, above one half"},
    ),
    "family-3": Short(
        "fig-family-grid",
        {
            "lead at 32": "kNN accuracy at a batch of 32, DCL minus InfoNCE",
            "wider than at 256": "lead of DCL at a batch of 32 minus that at 256",
        },
    ),
    "family-7": Short("fig-family-effects", {"": "kNN accuracy, hard negatives minus InfoNCE"}),
    "family-12": Short(
        "fig-family-effects",
        {"oracle minus plain": "kNN accuracy, without negatives of the own class minus with them"},
    ),
}
