"""Chapter two: why does a network without negatives not collapse?"""

from anatomy.phase_plan import to_the_end
from anatomy.quantities import Count, Positive, Temperature
from anatomy.runs.arm import Arm, ids, on
from anatomy.runs.config import Run
from anatomy.runs.floor import ceiling_runs, floor_runs
from anatomy.settings import Settings


def arms(
    base: Settings,
    *,
    full: bool,  # of the preset: every arm and its accuracy, or those whose verdict needs no accuracy
    temperature: Temperature = 0.1,  # of InfoNCE, the method beside them
    phase_steps: Count = 40,  # of each objective, where a run switches between two
    collapse_steps: Count = 10,  # of the objective that collapses a network, before another is to bring it back
    visits: Count = 20,  # of each image, where its own moving average is the target
    fresh_views: Count = 10,  # whose mean is the target, where the expectation is explicit
    heavy: Positive = 1000.0,  # weight of the decorrelation loss, beside 1
) -> list[Arm]:
    """The siamese family and InfoNCE; in a full study also what is left when a part of a gradient is taken away."""
    predictor = {"predictor_hidden": base["dimension"] // 4}  # a quarter as wide as the embedding, as 512 to 2048
    quality = {"measures": "collapse,knn"} | SPECTRUM if full else {}
    chosen = [
        *(arm | quality for arm in family(predictor)),
        *info_nce(temperature, full),
        Arm({"method": "single_bias", "epochs": 2 * base["epochs"]}, ids("decomposition", 11, 12)),
        Arm({"method": "explicit_expectation", "fresh_views": fresh_views}, ids("decomposition", 2)),
        *moving_average(base, visits, full),
        *phases(base, predictor, phase_steps, collapse_steps, heavy, full),
        *(more(predictor, quality) if full else []),
    ]
    return on(base, chosen)


def floors(base: Settings, *, seeds: tuple[int, ...], full: bool) -> list[Run]:
    """What the accuracies are held against; only a full study has any."""
    if not full:
        return []
    both = "knn,linear_probe"  # as in the other chapters, which have the same runs
    return floor_runs(base, seeds=seeds, measures=both) + ceiling_runs(base, seeds=seeds, measures="knn")


def family(predictor: Settings) -> list[Arm]:
    """The methods, and the triplet's extra gradient without one of its parts."""
    read = {"simsiam": ids("decomposition", 1, 3, 6, 7, 10)} | dict.fromkeys(MIRRORED, ids("decomposition", 1))
    return [
        *(Arm({"method": name} | predictor, claims) for name, claims in read.items()),
        Arm({"method": "naive"}, ids("decomposition", 1)),
        *(Arm({"method": "triplet", "component": c}, ids("decomposition", 5)) for c in ("both", "center", "residual")),
    ]


SPECTRUM = {"recorders": "geometry,spectrum"}
MIRRORED = ("symmetric_predictor", "mirror")


def info_nce(temperature: float, full: bool) -> list[Arm]:
    """SimCo with one temperature; in a full study also with five times as much."""
    measures = {"measures": "collapse,gradient_parts" + (",knn" if full else "")}
    given = {"method": "simco", "loss": "info_nce"} | measures | (SPECTRUM if full else {})
    low = Arm(given | {"temperature": temperature}, ids("decomposition", 9, 10, 13, 14))
    high = Arm(given | {"temperature": 5 * temperature}, ids("decomposition", 14))
    return [low, high] if full else [low]


def moving_average(base: Settings, visits: int, full: bool) -> list[Arm]:
    """Claim 2 on few images, so that each is seen often; then at the step of a mean squared error over D, and with that
    step the naive network, the control: what does not move cannot collapse; in a full study as its authors have it."""
    images = base.get("images") or 16 * base["batch_size"]
    few, small = {"images": images, "epochs": visits}, {"weight": 2 / base["dimension"]}
    average = {"method": "moving_average", "memory_size": images} | few
    controls = [average | small, {"method": "naive"} | few | small]
    controls += [average | {"random_start": True, "one_view": True}] if full else []
    return [Arm(average, ids("decomposition", 2)), *map(Arm, controls)]


def phases(base: Settings, predictor: Settings, steps: int, collapse: int, heavy: float, full: bool) -> list[Arm]:
    """One network, one objective after another, to the end of the run."""
    one = {
        "method": "phases",
        "epochs": 1 if full else min(2, base["epochs"]),
        "record_every": 10 if full else 5,
    } | predictor
    # With the projector's final BatchNorm collapse is slower, and never so deep that there is no way back.
    norm = {"final_norm": True}

    def after(name: str, final: Settings) -> Settings:
        phases = f"simsiam {3 * steps // 2}, center {2 * collapse if final else collapse}, {to_the_end(name)}"
        return one | final | {"phases": phases}

    switching = one | {"phases": f"center {steps}, residual {steps}"}
    decorrelated = (after("covariance", {}), after("covariance", {}) | {"regularizer": heavy})
    always = [Arm(switching | norm), *(Arm(settings, ids("decomposition", 8)) for settings in decorrelated)]
    always += map(Arm, (after("nothing", {}), after("correlation", norm), after("nothing", norm)))
    if not full:
        return always
    others = ("correlation", "variance", "simsiam", "info_nce")
    controls = [*(after(name, {}) for name in others), after("covariance", norm)]
    mirrored = one | {"phases": f"simsiam {2 * steps}, {to_the_end('mirror')}"}
    return [*always, Arm(switching, ids("decomposition", 4)), *map(Arm, controls), Arm(mirrored, figure=True)]


def more(predictor: Settings, quality: Settings) -> list[Arm]:
    """SimSiam's extra gradient without one of its parts, the inverse predictor, and controls: momentum with and without
    a predictor, one linear layer."""
    read = {"center": ids("decomposition", 6, 10), "residual": ids("decomposition", 6)}
    return [
        *(Arm({"method": "simsiam", "component": c} | predictor | quality, claims) for c, claims in read.items()),
        Arm({"method": "inverse_predictor"} | predictor | quality, ids("decomposition", 3)),
        Arm({"method": "byol"} | predictor),
        Arm({"method": "byol", "online": "embedding"}),
        Arm({"method": "single_linear"}),
    ]


# Chapter two: a projector without final BatchNorm, a constant rate after warm-up, and geometry to look at.
GEOMETRY: Settings = {"learning_rate": 0.2, "weight_decay": 1e-4, "schedule": "constant"}
GEOMETRY |= {"projector": "mlp_norm", "recorders": "geometry", "measures": "collapse"}
# What this chapter has otherwise at a preset: fields and options of the Run, and `seeds`.
SIZES: dict[str, Settings] = {
    "smoke": GEOMETRY | {"hidden": 32, "dimension": 32},
    # 70 steps an epoch x 3 epochs x 30 ms = 6.5 s a run at 16 x 16 pixels; 12 such settings, one of 2.7 times
    # the price, one of twice the length, 3 of 320 steps (10 s), 7 of 2 epochs (4.5 s):
    # (12 x 6.5 + 17 + 13 + 3 x 10 + 7 x 4.5) x 3 seeds = 510 CPU seconds, 4.2 minutes.
    "laptop": GEOMETRY | {"hidden": 256, "dimension": 256, "epochs": 3, "size": 16},
    # 12 passes, since SimSiam has 44.9 % after 8, less than 5 points above raw pixels, and 52.2 after 16 (pilots, on
    # held-out images). Its effective rank is 6.5, 10.2 and 16.6 of 256 after 8, 16 and 32 passes: 20, where the paper's
    # curves belong, is not within an overnight's reach. 305 ms a step (EPYC with AVX2, float32, busy): 710 CPU seconds
    # a run; 158 runs, 22 CPU hours there, 17 minutes of an H100. The shortest rung is 2 passes: one has 196 steps, and
    # the rules judge no collapse by fewer than 200.
    "overnight": GEOMETRY | {"hidden": 256, "dimension": 256, "epochs": 12, "record_every": 30, "rungs": (2, 4, 12)},
    # As in the code of a co-author: rate 0.5, weight decay 1e-5, cosine, heads of 2048.
    "gpu": GEOMETRY
    | {"learning_rate": 0.5, "weight_decay": 1e-5, "schedule": "cosine", "warmup": 0.05}
    | {"hidden": 2048, "dimension": 2048},
}

# The claims that are measured at every rung of a preset (`ladder`).
CLIMBS = ("decomposition-1", "decomposition-2", "decomposition-5")
