"""The chapter chapter_name: what is said of its claims."""

from anatomy.readings import Reading, Short

READINGS = {
    "chapterfamily-1": Reading(
        "a temperature of 0.1 gives a higher accuracy than one of 1",
        "A temperature of 0.1 gives a higher accuracy than one of 1.",
        "A temperature of 0.1 does not give a higher accuracy than one of 1.",
    ),
}

SHORT = {
    "chapterfamily-1": Short(
        "fig-chapterfamily",
        {"": "kNN accuracy, T = 0.1 minus T = 1"},
    ),
}
