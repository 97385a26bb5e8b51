"""Chapter six, second half: the book's encoders, DeACL's students of them, and a network that attacks are made on."""

from anatomy.runs.arm import Arm, ids
from anatomy.settings import Settings

FAMILY = "robust"
# Options that serve this study alone: which encoders teach, and how many steps the attack on a student has.
OWN = ("epsilon", "teachers", "student_steps")
TEMPERATURES: Settings = {"loss": "dual_temperature", "temperature_intra": 0.1, "temperature_inter": 1.0}
# As in chapters one and two; the queue of MoCo v2 is that of chapter one.
ENCODERS: dict[str, Settings] = {
    "simco": {"method": "simco"} | TEMPERATURES,
    "simsiam": {"method": "simsiam", "projector": "mlp_norm", "hidden": 256, "dimension": 256, "predictor_hidden": 64},
    "mocov2": {"method": "mocov2", "loss": "info_nce", "temperature": 0.1, "momentum": 0.99, "queue_size": 4096},
}
READ = {"simco": ids(FAMILY, 14, 16, 17), "simsiam": ids(FAMILY, 15), "mocov2": ids(FAMILY, 15)}
# The rate of the authors' code, 0.5 for a batch of 256; images that are flipped and not cropped.
STUDENT: Settings = {
    "method": "deacl",
    "learning_rate": 0.5,
    "views": "whole",
    "flip_share": 0.5,
    "recorders": "",
    "measures": "probe_under_attack",
}
GAMMAS = (1.0, 4.0)  # on both sides of the authors' 2


def taught(base: Settings, epsilon: float, full: bool) -> list[Arm]:
    """An arm an encoder, and one for its students; in a full study also students with other weights and views."""
    steps, probed = base["student_steps"], base.get("attacked", 500)
    here = {name: value for name, value in base.items() if name not in (*OWN, *SERVING_MEASURES)}
    teachers = {name: here | ENCODERS[name] | {"recorders": "", "measures": "knn"} for name in base["teachers"]}
    # The way of an attack is 1.25 epsilon long, as that of the authors' five steps of a quarter.
    attack = {"epsilon": epsilon, "attack_steps": steps, "alpha": round(1.25 / steps, 4)}
    plain = {name: value for name, value in here.items() if name != "crop_min"} | STUDENT | attack
    plain |= {"reach": epsilon, "probed": probed}
    first = {"teacher": teachers["simco"]}
    students = [Arm(plain, READ[name][:1] + ids(FAMILY, 17)[: name == "simco"], uses={"teacher": of})
                for name, of in teachers.items()]  # fmt: skip
    further = [Arm(plain | {"gamma": gamma}, ids(FAMILY, 16), uses=first) for gamma in GAMMAS]
    further += [Arm(plain | {"views": "standard", "crop_min": 0.2}, ids(FAMILY, 17), uses=first)]
    return [*(Arm(of, READ[name]) for name, of in teachers.items()), *students, *(further if full else ())]


def surrogate(base: Settings, target: Settings, epsilon: float) -> Arm:
    """Another network, trained without attacks. What fools it is then shown to the ordinary one."""
    kept = {name: value for name, value in base.items() if name not in ("stem_stride", *SERVING_MEASURES)}
    own = {"method": "supervised", "backbone": "vgg7", "recorders": "", "measures": "transferred_ranks"}
    carried = min(500, base.get("attacked", 500))
    return Arm(kept | own | {"apart": epsilon, "carried": carried}, ids(FAMILY, 12, 13), uses={"target": target})


# Options of what the classifiers are measured and watched by.
SERVING_MEASURES = (
    "attacked",
    "auto_attacked",
    "robust_accuracy.steps",
    "restarts",
    "auto_steps",
    "asked",
    "watched",
    "ball",
    "radius",
    "around",
)
