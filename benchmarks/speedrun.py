"""How good a representation two cores learn from CIFAR-10's images, without labels, in 2, 10 and 60 minutes.

    PYTHONPATH=src .venv-benchmark/bin/python benchmarks/speedrun.py --data-root folder          # on held-out images
    ... --only "2 minutes" plain lightly --seeds 10 11 12 --test                                 # test images: the end

In the manner of Jordan 2024, arXiv:2404.00498 (airbench): from scratch, by contrast alone; kNN accuracy (k = 200) on
images that were not trained on. Time is CPU time of all threads (`--threads`, one), views and all, without measuring;
two cores have twice as much in the same minutes. A recipe is a `Run` and the sizes of its views, epoch by epoch: small
at first, since a network learns the coarse first (arXiv:2103.13559). Beside it lightly's own loop, on its own network,
for as long. benchmarks/results/speedrun/KIND.json holds the answers, each as soon as it is whole; what is there is not
run again, unless its recipe has other passes now. The book's page "Speedrun" is drawn from it.
"""

import argparse
import io
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anatomy.hardware.machine import PRECISIONS, Machine, commit, cpu_model
from anatomy.hardware.processors import kind
from anatomy.runs.config import Run
from anatomy.scheduling.worker import on_threads
from anatomy.storage.files import write_whole
from pilots import ONE, run_of

if TYPE_CHECKING:
    from anatomy.training.state import Training

Settings = dict[str, Any]
POINTS = 6  # of a curve
RESULTS = Path(__file__).parent / "results" / "speedrun"
LIGHTLY, LONG = "lightly", 240  # CPU seconds: two minutes of two cores
STEM: Settings = {"stem_stride": 1}
OWN = ("seed", "evaluate_on", "epochs", "size")  # settings of each run
UNUSED = ("images", "imbalance", "imbalance_by", "record_every")


@dataclass(frozen=True)
class Recipe:
    """What it changes of SimCo with two temperatures, and the views' sizes: (pixels, epochs), one after another."""

    sizes: tuple[tuple[int, int], ...]
    change: Settings = field(default_factory=dict)

    @property
    def epochs(self) -> list[int]:
        """The size of each."""
        return [size for size, count in self.sizes for _ in range(count)]

    def run(self, seed: int, evaluate_on: str) -> Run:
        asked = {"seed": seed, "evaluate_on": evaluate_on, "epochs": len(self.epochs), "size": self.sizes[-1][0]}
        return run_of(self.change | asked | {"recorders": "", "measures": "knn"})


SMALL_FIRST = ((12, 9), (16, 9))
RECIPES = {
    "2 minutes": Recipe(((12, 10), (16, 10)), STEM),
    "10 minutes": Recipe(((24, 24), (32, 22)), {"width": 32}),
    "60 minutes": Recipe(((24, 40), (32, 46)), STEM | {"width": 32}),
    # beside them
    "pixels": Recipe(((32, 0),), {"backbone": "pixels", "width": None}),  # what is learned is held against it
    "plain": Recipe(((16, 12),)),
    # that of 2 minutes, a tenth shorter; with one thing taken back, in the same time; or one added, in twice the time
    "small first": Recipe(SMALL_FIRST, STEM),
    "not small first": Recipe(((16, 15),), STEM),
    "one temperature": Recipe(SMALL_FIRST, STEM | ONE),
    "normalized projector": Recipe(SMALL_FIRST, STEM | {"projector": "mlp_norm"}),
    # "not small first" with one thing more, in the same time
    "rate .25, intra .05": Recipe(((16, 15),), STEM | {"learning_rate": 0.25, "temperature_intra": 0.05}),
    "width 24": Recipe(((16, 10),), STEM | {"width": 24}),
    "four views": Recipe(((16, 7),), STEM | {"method": "multi_view", "positives": 3}),
    "batch 128": Recipe(((16, 14),), STEM | {"batch_size": 128}),
}


def base() -> Settings:
    """What recipes have in common, where they change nothing."""
    return {name: value for name, value in run_of({}).flat().items() if name not in OWN + UNUSED}


def curve(recipe: Recipe, seed: int, machine: Machine, data_root: str, evaluate_on: str, kept: Path) -> list[Settings]:
    """Points of accuracy over time, the last one at the end.

    `kept` holds what is trained, epoch by epoch: after an interruption the same recipe, in the same code, goes on.
    """
    import torch

    from anatomy.training.train import batches, prepare, train_step

    run, points, spent = recipe.run(seed, evaluate_on), list[Settings](), 0.0
    training = prepare(run, machine, data_root)
    trains = str((recipe, run, machine, commit()))
    if kept.exists() and (state := torch.load(kept, weights_only=True))["trains"] == trains:
        training.load(state["training"])
        points, spent = state["points"], state["spent"]
    shown = {round(len(recipe.epochs) * point / POINTS) for point in range(1, POINTS + 1)}
    while training.epoch < len(recipe.epochs):
        training.run = run.model_copy(update={"size": recipe.epochs[training.epoch]})
        began = time.process_time()
        training.method.train()
        for step, batch in enumerate(batches(training), training.epoch * training.steps_per_epoch):
            train_step(training, batch, step)
        spent += time.process_time() - began
        training.epoch += 1
        if training.epoch in shown:
            points.append(point(training, spent))
        content = io.BytesIO()
        torch.save({"trains": trains, "training": training.state(), "points": points, "spent": spent}, content)
        write_whole(kept, content.getvalue())
    return points or [point(training, spent)]


def point(training: "Training", spent: float) -> Settings:
    """The accuracy by now."""
    from anatomy.training.run_tables import run_tables

    training.method.eval()
    (accuracy,) = run_tables(training)["knn"]["accuracy"]
    return {"epoch": training.epoch, "cpu_seconds": round(spent, 1), "accuracy": round(accuracy, 2)}


def lightly_curve(seed: int, data_root: str, evaluate_on: str) -> Iterator[Settings]:
    """Its example of SimCLR on a ResNet-18 of width 16, until LONG CPU seconds are over."""
    import torch
    from lightly.transforms.utils import IMAGENET_NORMALIZE
    from torch.utils.data import DataLoader

    from anatomy import data
    from anatomy.data.image_set import ImageSet
    from anatomy.measures.knn import vote
    from beside_lightly import LightlyStep, lightly_views, pictures

    torch.manual_seed(seed)
    pairs = data.split(data.load("cifar10", data_root), evaluate_on=evaluate_on)
    seen, unseen = (ImageSet.of(*pair, "cpu") for pair in pairs)
    learner, spent, epoch, due = LightlyStep(16, []), 0.0, 0.0, LONG / POINTS

    def features(images: torch.Tensor) -> torch.Tensor:
        mean, deviation = (torch.tensor(IMAGENET_NORMALIZE[of])[:, None, None] for of in ("mean", "std"))
        learner.model.eval()
        with torch.no_grad():
            found = [learner.model[:2]((chunk / 255 - mean) / deviation) for chunk in images.split(500)]
        learner.model.train()
        return torch.cat(found)

    while True:
        for index in DataLoader(range(len(seen)), batch_size=256, shuffle=True, drop_last=True):
            began = time.process_time()
            learner.step(*lightly_views(pictures(seen.images[index])))
            spent += time.process_time() - began
            epoch += 256 / len(seen)
            if spent >= due:
                votes = vote(features(unseen.images), features(seen.images), seen.labels, k=200, vote_temperature=0.1)
                accuracy = 100 * (votes.argmax(1) == unseen.labels).double().mean().item()
                yield {"epoch": round(epoch, 2), "cpu_seconds": round(spent, 1), "accuracy": round(accuracy, 2)}
                due += LONG / POINTS
            if spent >= LONG:
                return


def asked(name: str, seed: int, images: str) -> Settings:
    """What an answer is of."""
    recipe = RECIPES.get(name)
    own = {"sizes": recipe.sizes, "change": recipe.change} if recipe else {}
    return json.loads(json.dumps({"recipe": name, "seed": seed, "images": images, **own}))


def answered(question: Settings, answers: list[Settings]) -> bool:
    """Not by a recipe of the same name that had other passes."""
    return any(all(one.get(name) == value for name, value in question.items()) for one in answers)


def answer(task: tuple[Settings, Machine, str, Path]) -> Settings:
    """One recipe at one seed, as JSON."""
    question, machine, data_root, kept = task
    name, seed, images = question["recipe"], question["seed"], question["images"]
    machine = on_threads(machine)
    if name == LIGHTLY:
        return question | {"points": list(lightly_curve(seed, data_root, images))}
    return question | machine.describe() | {"points": curve(RECIPES[name], seed, machine, data_root, images, kept)}


def kept_at(file: Path, of: Settings) -> Path:
    """Where an interrupted recipe is kept, beside the answers."""
    return file.with_name(f"{file.stem}, {of['recipe']}, {of['seed']}, {of['images']}.pt")


def main() -> None:
    from benchmark import faster_precision

    given = arguments()
    precision = given.precision or faster_precision()
    machine, images = Machine("cpu", precision, given.threads, "no"), "test" if given.test else "held_out"
    about: Settings = {"kind": kind({"device": "cpu", "cpu": cpu_model(), "precision": precision}), "cpu": cpu_model()}
    file = given.out or RESULTS / f"{about['kind']}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    answers = json.loads(file.read_text())["answers"] if file.exists() else []
    questions = [asked(name, seed, images) for seed in given.seeds for name in given.only]
    tasks = [
        (question, machine, given.data_root, kept_at(file, question))
        for question in questions if not answered(question, answers)
    ]  # fmt: skip
    with get_context("spawn").Pool(given.workers) as pool:
        for one in pool.imap_unordered(answer, tasks, chunksize=1):
            answers.append(one | {"date": datetime.now(UTC).date().isoformat(), "commit": commit()})
            file.write_text(json.dumps(about | {"base": base(), "answers": answers}, indent=1) + "\n")
            kept_at(file, one).unlink(missing_ok=True)
            last = one["points"][-1]
            print(f"{one['recipe']}, seed {one['seed']}: {last['accuracy']} % in {last['cpu_seconds']} s", flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = [*RECIPES, LIGHTLY]
    parser.add_argument("--data-root", required=True)
    parser.add_argument("--out", type=Path, metavar="FILE", help="not under benchmarks/results/speedrun")
    parser.add_argument(
        "--only", nargs="+", choices=known, default=known, metavar="NAME", help=f"of {', '.join(known)}"
    )
    parser.add_argument("--seeds", nargs="+", type=int, default=[2000])
    parser.add_argument("--test", action="store_true", help="by the test images: once, at the end")
    parser.add_argument("--precision", choices=PRECISIONS[1:], help="without it the faster one")
    parser.add_argument("--workers", type=int, default=1, help="recipes at a time (default 1)")
    parser.add_argument("--threads", type=int, default=1, help="of each (default 1)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
