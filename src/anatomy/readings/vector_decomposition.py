"""Chapter two: what is said of decomposition-1 to 14."""

from anatomy.readings import Reading, Short

READINGS = {
    "decomposition-1": Reading(
        "which branch has the predictor decides whether the network collapses",
        "SimSiam, with the predictor on one branch and the stopped gradient on the other, does not collapse; without a "
        "predictor, with it on both branches, or with it on the stopped branch, the network collapses.",
        "The four methods do not differ as the paper says: SimSiam collapses, or one of the other three does not.",
    ),
    "decomposition-2": Reading(
        "the moving average saves a network from collapse where the mean over fresh views does not",
        "With the mean over fresh views as target the network collapses; with the image's moving average it does not.",
        "The two stand-ins do not differ as the paper says: with the mean over fresh views the network does not "
        "collapse, or with the moving average it does.",
    ),
    "decomposition-3": Reading(
        "the inverse predictor prevents collapse and is a little worse than SimSiam",
        "With an inverse predictor the network does not collapse, and SimSiam's accuracy is higher.",
        "With an inverse predictor the network collapses, or SimSiam's accuracy is not higher.",
    ),
    "decomposition-4": Reading(
        "the center and the residuals of the target move $m_o$ and $m_r$ in turn",
        "Trained on the center alone, the network ends with a long center; trained on the residuals alone, with long "
        "residuals; and so on in turn.",
        "The two losses do not move the center and the residuals in turn by half of what the paper shows.",
    ),
    "decomposition-5": Reading(
        "the triplet needs the center of its extra gradient and nothing else",
        "With $o_e$ alone the triplet does not collapse; with $r_e$ alone it does; where accuracy is judged (not on "
        "drawn shapes), $o_e$ alone is better than both together.",
        "The parts of the triplet's extra gradient do not differ as the paper says: $o_e$ alone collapses, $r_e$ alone "
        "does not, or adding $r_e$ to $o_e$ costs less accuracy than claimed.",
    ),
    "decomposition-6": Reading(
        "either part of SimSiam's extra gradient prevents collapse, and $r_e$ carries the quality",
        "SimSiam collapses neither with $o_e$ alone nor with $r_e$ alone; $r_e$ alone is as good as both together and "
        "better than $o_e$ alone.",
        "With one part of SimSiam's extra gradient alone the network collapses, or $r_e$ alone is not as good as the "
        "paper says.",
    ),
    "decomposition-7": Reading(
        "SimSiam's extra gradient points away from the center, and Mirror SimSiam's along it",
        "In a network trained as SimSiam its extra gradient points away from the center of the predictions, and the "
        "one that Mirror SimSiam would have there along that of the embeddings: the predictor makes the center longer.",
        "The extra gradient does not point away from the center in SimSiam and along it in Mirror SimSiam by half of "
        "what the paper shows.",
    ),
    "decomposition-8": Reading(
        "decorrelation alone brings a collapsed network back",
        "After a collapse, the decorrelation loss alone brings the residuals back.",
        "After a collapse, the decorrelation loss alone does not bring the residuals back.",
    ),
    "decomposition-9": Reading(
        "the residual decorrelates at middle temperatures only",
        "The cosine has a hump: it is higher at 0.1 and 0.2 than at both ends.",
        "The cosine has no hump: it is not higher at 0.1 and 0.2 than at both ends.",
    ),
    "decomposition-10": Reading(
        "SimSiam and InfoNCE end with a lower covariance than SimSiam without the residual",
        "SimSiam and InfoNCE end with a lower covariance than SimSiam with $o_e$ alone.",
        "SimSiam or InfoNCE does not end with a lower covariance than SimSiam with $o_e$ alone.",
    ),
    "decomposition-11": Reading(
        "a single learned vector as predictor prevents collapse",
        "With a single learned vector as predictor no seed collapses.",
        "With a single learned vector as predictor the network collapses.",
    ),
    "decomposition-12": Reading(
        "the learned vector lies along the center and lengthens it",
        "The learned vector lies along the center of the embeddings, and the center of the predictions is longer.",
        "The learned vector does not lie along the center of the embeddings, or does not make the center of the "
        "predictions longer.",
    ),
    "decomposition-13": Reading(
        "at high temperatures the residual fades like $1/T$ while the center stays",
        "From $T = 0.4$ to 1 the residual fades like $1/T$, and the center stays.",
        "From $T = 0.4$ to 1 the residual does not fade like $1/T$.",
    ),
    "decomposition-14": Reading(
        "InfoNCE at a temperature of 0.5 is worse and covaries more than at 0.1",
        "Trained at a temperature of 0.5, InfoNCE is less accurate than at 0.1, and its dimensions covary more.",
        "Trained at a temperature of 0.5, InfoNCE is not less accurate than at 0.1, or its dimensions do not covary "
        "more.",
    ),
}

WORDS = (
    "$Z$ is an embedding, $P$ the prediction made from it. Their spread is 1 where they point equally in all "
    "directions, and 0 where all are one point: collapse. The center is the mean of all embeddings; what an "
    "embedding has beyond it is its residual, whose length is $m_r$. The extra gradient is what a method adds to the "
    "pull of two views on each other; $o_e$ and $r_e$ are its center and residual, "
    r"$\eta_p$ and $\eta_z$ its components along the centers of $P$ and of $Z$. Mirror SimSiam has the predictor on "
    "the branch whose gradient is stopped; the triplet loss has one negative; decorrelation is a penalty on the "
    "covariance of embeddings."
)
SHORT = {
    "decomposition-1": Short(
        "fig-plane",
        {
            "SimSiam is kept": "spread of $Z$ in SimSiam",
            "naive collapses": "spread of $Z$ in the naive network",
            "mirror collapses": "spread of $Z$ in Mirror SimSiam",
            "predictor on both collapses": "spread of $P$ with the predictor on both branches",
        },
    ),
    "decomposition-7": Short("fig-eta", {"-eta_p": r"$-\eta_p$ of SimSiam", "eta_z": r"$\eta_z$ of SimSiam"}),
    "decomposition-5": Short(
        "fig-triplet",
        {
            "o_e alone is kept": "spread of $Z$ with $o_e$ alone",
            "r_e alone collapses": "spread of $Z$ with $r_e$ alone",
            "o_e alone is better than both": "kNN accuracy, $o_e$ alone minus both",
        },
    ),
    "decomposition-8": Short("fig-back", {"m_r": "change of $m_r$ while decorrelation acts alone"}),
}
