"""The presets: four sizes of the same study, with the arithmetic of their cost.

Where a chapter departs from a preset, its own study says so in SIZES.

Seconds are CPU seconds on one core of the slowest machine that we know, an EPYC with AVX2 alone, where nothing else is
said; minutes are these divided by 120, for two cores. `make benchmark` times a step of each kind that a chapter has,
and the book's page "Speed" has each chapter's minutes on every processor that was measured. The sweep times a few
steps before it starts and says what it will be where you are.
"""

from dataclasses import dataclass, replace

from anatomy import studies
from anatomy.errors import InputError, nearest
from anatomy.settings import Settings

# The setting that every claim of a chapter starts from; one factor at a time departs from it.
BASE: Settings = {"warmup": 0.1, "weight_decay": 5e-4, "sgd_momentum": 0.9, "recorders": "hardness,scores"}


@dataclass(frozen=True)
class Preset:
    """A size. `run` holds fields and options of the Run; `precision` is of the machine, fixed only for smoke."""

    name: str
    dataset: str
    seeds: tuple[int, ...]
    run: Settings
    designed: bool = False  # an arm has as many of the seeds as the claims that read it need, by `verdicts.designs`
    precision: str = "auto"
    compile: str = "auto"
    full: bool = False  # every arm of a study, and the equal tuning of those that are said to beat another
    workers: int | None = None  # runs at a time; as many as cores if not given
    floors: bool = True  # also what the accuracies are held against: pixels, the network untrained, and with labels
    rungs: tuple[int, ...] = ()  # epochs at which some claims are measured too, the own length among them (`ladder`)

    def of(self, chapter: str) -> "Preset":
        """The size that a chapter has at this preset; `seeds` and `rungs` may be among what it has of its own."""
        own = dict(studies.sizes(chapter).get(self.name, {}))
        seeds, rungs = own.pop("seeds", self.seeds), own.pop("rungs", self.rungs)
        return replace(self, seeds=seeds, rungs=rungs, run=self.run | own)


PRESETS = {
    preset.name: preset
    for preset in (
        # 5 steps an epoch x 2 epochs x 20 ms, a second a run; its numbers are never shown as results.
        # fp32 on one thread: the committed outputs must hold on another processor.
        Preset(
            "smoke",
            "shapes",
            (0,),
            BASE
            | {"images": 320, "epochs": 2, "batch_size": 64, "backbone": "resnet8", "width": 8, "size": 16}
            | {"record_every": 2},
            precision="fp32",
            compile="no",
            workers=1,  # to start a second process takes longer than all four runs
            floors=False,
        ),
        # 9,000 images (nine tenths of shapes) x 5 epochs / 1,400 images a second = 32 s a run.
        # With labels, one view an image in place of two: 16 s a run.
        # 128 images a step, as in the baselines of shapes: at 256, with twice the rate, one seed of three stayed in a
        # shortcut through color, under either loss (kNN 15 %, the others 43 to 51 %).
        Preset(
            "laptop",
            "shapes",
            (0, 1, 2),
            BASE | {"epochs": 5, "batch_size": 128, "backbone": "resnet8", "width": 16, "crop_min": 0.4},
        ),
        # Chosen by pilots on held-out images (benchmarks/results/regime_pilots.json). A stem of stride 1 pays: SimCo
        # has 52.5 % after 6 passes with it and 49.8 after 12 with stride 2, which take as long. After 8 passes the
        # lowest base arm, MoCo v2, has 47.8, mean of three seeds: 5 points above raw pixels (41.7, on test images).
        # CPU seconds a run (EPYC with AVX2, float32, busy): SimCo 410, 690 at a batch of 32, MoCo v2 300; on an H100
        # 6, 20 and 5 s, measuring included. Dictionary, had every claim five seeds: 144 runs, 16 CPU hours there, 21
        # minutes of the card; the designs ask for 183, and screen and rungs come on top. With labels half of SimCo's
        # steps' time (50 steps: 6.2 s, SimCo 12.2): 205 s a run; 3 runs, which chapters one and three share, 10 CPU
        # minutes; chapter two's of 12 passes, 15.
        Preset(
            "overnight",
            "cifar10",
            tuple(range(10, 22)),  # 0 to 2 judged the rules' first versions; pilots have 2000 on, tuning 1000 to 1002
            BASE
            | {
                "epochs": 8,
                "batch_size": 256,
                "backbone": "resnet8",
                "width": 16,
                "stem_stride": 1,
                "size": 16,
                "evaluate_on": "test",
                "measures": "knn,linear_probe",
            },
            designed=True,
            full=True,
            rungs=(1, 3, 8),
        ),
        # The papers' own network; 50,000 images at 9,526 a second, as timed on an H100 (bf16, compiled; not yet with
        # CUDA graphs): 5.2 s an epoch, 18 minutes a run, measuring on top.
        Preset(
            "gpu",
            "cifar10",
            (0, 1, 2),
            BASE | {"epochs": 200, "batch_size": 256, "backbone": "resnet18", "width": 64, "evaluate_on": "test"},
            full=True,
        ),
    )
}


def load(name: str) -> Preset:
    """The preset of this name, or an InputError."""
    if name not in PRESETS:
        raise InputError(f"unknown preset {name!r}; {nearest(name, PRESETS)}")
    return PRESETS[name]
