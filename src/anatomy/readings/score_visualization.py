"""Chapter three: what is said of transformation-1 to 6 and of mixing-1 to 6."""

from anatomy.readings import Reading, Short

READINGS = {
    "transformation-1": Reading(
        "too small an $m$ brings positives too close together, spreads the negatives and costs accuracy",
        "At $m = 0.9$ positives are nearer and negatives more spread out than at 0.99; where test images are judged, "
        "0.99 is better than both 0.9 and 1.",
        "At $m = 0.9$ positives are not nearer by what was claimed, negatives are not more spread out, or 0.99 is not "
        "better than both 0.9 and 1.",
    ),
    "transformation-2": Reading(
        "extrapolation lowers the positive score that the loss sees",
        "With extrapolation the loss sees a lower positive score, even after the network has responded.",
        "The network has responded: with extrapolation the loss does not see a positive score that is lower by what "
        "was claimed.",
    ),
    "transformation-3": Reading(
        "extrapolated positives raise the accuracy and interpolated ones lower it",
        "Extrapolating positives raises the accuracy, and interpolating them lowers it.",
        "Extrapolating positives does not raise the accuracy, or interpolating them does not lower it.",
    ),
    "transformation-4": Reading(
        "mixed negatives raise the accuracy, and by more than acting as a higher temperature would",
        "Mixed negatives raise the accuracy, also at length 1, and more than a higher temperature for them does.",
        "Mixed negatives do not raise the accuracy, or not beyond what a higher temperature for them does.",
    ),
    "transformation-5": Reading(
        "extrapolation does what a weight of 2.6 on the positive's distance does",
        "Extrapolation and a weight of 2.6 on the positive's distance give equal accuracies, to within a point.",
        "Extrapolation and a weight of 2.6 on the positive's distance give different accuracies.",
    ),
    "transformation-6": Reading(
        "both transformations together are best",
        "Both transformations together beat plain MoCo v2 and each of the two alone.",
        "Both transformations together do not beat plain MoCo v2 and each of the two alone.",
    ),
    "mixing-1": Reading(
        "mixing the hardest negatives makes the network find its positive less often",
        "With the hardest negatives mixed, the share of anchors whose positive is nearer than every real key falls.",
        "With the hardest negatives mixed, the share of anchors whose positive is nearer than every real key does not "
        "fall by a point.",
    ),
    "mixing-2": Reading(
        "some synthetic negatives are harder than every real key",
        "Some mixtures of two keys are harder than every real key.",
        "Hardly any mixture of two keys is harder than every real key.",
    ),
    "mixing-3": Reading(
        "mixing the hardest negatives makes embeddings more uniform and positives less aligned",
        "With the hardest negatives mixed, embeddings are more uniform and positives are less aligned.",
        "With the hardest negatives mixed, embeddings are not more uniform, or positives are not less aligned.",
    ),
    "mixing-4": Reading(
        "mixing the hardest negatives leaves the linear probe where it was",
        "With the hardest negatives mixed, the linear probe changes by less than a point.",
        "With the hardest negatives mixed, the linear probe changes by more than a point.",
    ),
    "mixing-5": Reading(
        "an anchor's nearest keys show its own class more often the longer it is trained",
        "While the network learns, more and more of an anchor's nearest keys show its own class.",
        "While the network learns, the share of its own class among an anchor's nearest keys does not rise.",
    ),
    "mixing-6": Reading(
        "mixing the hardest negatives gains more at a temperature of 0.2 than at 0.1",
        "Mixing the hardest negatives gains more at a temperature of 0.2 than at 0.1.",
        "Mixing the hardest negatives does not gain more at a temperature of 0.2 than at 0.1.",
    ),
}

WORDS = (
    "A score is the similarity, from $-1$ to 1, of an anchor to its positive, another view of the same image, or to "
    "a negative. Negatives are keys: embeddings of other images by a second encoder, which follows the first with "
    "momentum $m$: the larger $m$, the slower it moves, and at $m = 1$ it never does. Extrapolation moves the two of a "
    "positive pair apart before they are compared, and interpolation moves them together; mixing makes a new negative "
    "of two keys. Both transformations together are extrapolated positives with mixed negatives."
)
SHORT = {
    "transformation-1": Short(
        "fig-scores-momentum",
        {
            "positives nearer": "score of positives, $m = 0.9$ minus $m = 0.99$",
            "negatives spread": "variance of negative scores, $m = 0.9$ minus $m = 0.99$",
            "above m = 0.9": "kNN accuracy, $m = 0.99$ minus $m = 0.9$",
            "above m = 1": "kNN accuracy, $m = 0.99$ minus $m = 1$",
        },
    ),
    "mixing-5": Short(
        "fig-scores-false", {"late minus early": "share of its own class among the nearest keys, late minus early"}
    ),
    "transformation-3": Short("fig-scores-effects", {"": "change of kNN accuracy, positive where it is as claimed"}),
    "transformation-6": Short("fig-scores-effects", {"": "kNN accuracy"}),
}
