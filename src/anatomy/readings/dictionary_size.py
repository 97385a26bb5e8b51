"""Chapter one: what is said of dictionary-2 to 12."""

from anatomy.readings import Reading, Short

READINGS = {
    "dictionary-2": Reading(
        "more negatives make the weights of the anchors more equal",
        "The spread of $W$ falls each time there are more negatives.",
        "The spread of $W$ does not fall each time there are more negatives.",
    ),
    "dictionary-3": Reading(
        "a higher temperature makes the weights of the anchors more equal",
        "The spread of $W$ falls each time the temperature is higher.",
        "The spread of $W$ does not fall each time the temperature is higher.",
    ),
    "dictionary-4": Reading(
        "a large dictionary helps through the weights rather than through the directions",
        "A large dictionary helps more when the weights $W$ come from it than when the directions do.",
        "A large dictionary does not help more through the weights $W$ than through the directions.",
    ),
    "dictionary-5": Reading(
        "a second temperature can stand in for the dictionary",
        "A second temperature raises the accuracy where there is no dictionary and changes little beside a large one: "
        "it can stand in for the dictionary.",
        "A second temperature does not stand in for the dictionary: it fails to raise the accuracy without one, or "
        "still changes it beside a large one.",
    ),
    "dictionary-6": Reading(
        "the temperature within an anchor is best near 0.1",
        "Within an anchor, 0.1 gives a higher accuracy than both 0.05 and 0.5.",
        "Within an anchor 0.1 does not give a higher accuracy than both 0.05 and 0.5.",
    ),
    "dictionary-7": Reading(
        "two temperatures beat one on the same negatives, most of all in a small batch",
        "On the same negatives two temperatures beat one, and by more in a small batch.",
        "Two temperatures do not both beat one on the same negatives and gain more in a small batch.",
    ),
    "dictionary-8": Reading(
        "SimMoCo without a dictionary is as good as MoCo v2 with one",
        "SimMoCo, without a dictionary, is not worse than MoCo v2 by half a point or more.",
        "SimMoCo, without a dictionary, is worse than MoCo v2.",
    ),
    "dictionary-9": Reading(
        "SimCo beats MoCo v2 at equal epochs and at equal passes",
        "SimCo beats MoCo v2, at equal epochs and at equal passes with gradient.",
        "SimCo does not beat MoCo v2 by what was claimed.",
    ),
    "dictionary-10": Reading(
        "SimCo does as well with 64 images a step as with 256",
        "SimCo does as well with 64 images a step as with 256, to within a point.",
        "SimCo's accuracy differs by more than a point between 64 images a step and 256.",
    ),
    "dictionary-11": Reading(
        "old keys are worse negatives than new ones",
        "Old keys give a lower accuracy than as many new ones.",
        "Old keys do not give a lower accuracy than as many new ones.",
    ),
    "dictionary-12": Reading(
        "no momentum is needed once the dictionary is gone",
        "Without a dictionary, training without momentum is as good as with 0.9 and with 0.99, to within a point.",
        "Even without a dictionary, training without momentum is worse than with 0.9 or with 0.99.",
    ),
}

WORDS = (
    "An anchor is one view of an image. $W$ is the weight of its gradient in InfoNCE, the cross-entropy of finding its "
    "positive among its negatives: near 1 where they are hard to tell apart, near 0 where it is easy. The spread of "
    "$W$ over anchors is its standard deviation divided by its mean; a drop of its logarithm by 0.69 halves it. A "
    "temperature divides similarities; a second one sets $W$ by itself. MoCo v2 keeps a dictionary of negatives, which "
    "a second and slower encoder has embedded; SimMoCo is MoCo v2 without the dictionary, and SimCo has no second "
    "encoder either."
)
FALL = "drop of the logarithm of the spread of $W$"
SHORT = {
    "dictionary-2": Short(
        "fig-grid",
        {
            "first to last": f"{FALL} from the fewest negatives to the most",
            "every step": f"{FALL}, smallest of all steps to more negatives",
        },
    ),
    "dictionary-3": Short(
        "fig-grid",
        {
            "first to last": f"{FALL} from the lowest temperature to the highest",
            "every step": f"{FALL}, smallest of all steps to a higher temperature",
        },
    ),
    "dictionary-5": Short(
        "fig-effects",
        {
            "no dictionary": "kNN accuracy of SimMoCo, two temperatures minus one",
            "large dictionary": "kNN accuracy of MoCo v2 with its largest dictionary, two temperatures minus one",
        },
    ),
    "dictionary-9": Short("fig-ways", {"": "kNN accuracy, SimCo minus MoCo v2"}),
}
