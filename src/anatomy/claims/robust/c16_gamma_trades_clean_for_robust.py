"""robust-16: the weight of the attacked image trades accuracy without an attack for accuracy under one."""

from anatomy.arms.select import contrast
from anatomy.arms.taught import probed, used_by, withstands_probed
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables


def traded(tables: Tables, column: str, more: float, less: float) -> Sample:
    terms = [probed(tables, "simco", "own", column, gamma=gamma) for gamma in (more, less)]
    found = contrast((1, terms[0]), (-1, terms[1]))
    return Sample(found.values, found.keys | frozenset(used_by(tables, terms[0], "teacher")["key"]))


def gained(tables: Tables) -> Sample:
    return traded(tables, "attacked", 4.0, 1.0)


def paid(tables: Tables) -> Sample:
    return traded(tables, "clean", 1.0, 4.0)


CLAIM = Claim(
    module=__name__,
    statement="With four times the weight of the attacked image, DeACL's student of SimCo is more accurate under "
    "attack and less accurate without one.",
    attribution="ours",
    source="Restated here: gamma is an option of the code of Zhang et al. 2022, arXiv:2207.10899, which has 2; what "
    "others gave was not seen.",
    quantity="Accuracy in points of a linear probe: under PGD with gamma = 4 minus with 1; without an attack with "
    "gamma = 1 minus with 4.",
    parts={
        "gained under attack": Part(
            Difference(0.5), gained, mechanism=withstands_probed("the student of gamma = 4", "simco", gamma=4.0)
        ),
        "paid without": Part(Difference(0.5), paid),
    },
    min_preset="overnight",
)
