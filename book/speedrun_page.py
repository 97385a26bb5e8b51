"""The page "Speedrun", drawn from what benchmarks/speedrun.py wrote under benchmarks/results/speedrun."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd

from anatomy.analysis.over_seeds import over_seeds
from anatomy.figures.drawn import as_svg
from anatomy.figures.sheet import PHONE, SCREEN, drawn_on
from anatomy.figures.speedrun import accuracy_over_time
from anatomy.verdicts.numbers import number
from figure_block import size
from markup import numbers_from, plain, table
from wording import counted

RESULTS = Path(__file__).resolve().parent.parent / "benchmarks" / "results" / "speedrun"
FLOOR = "pixels"
SEEN = {"test": "the 10,000 test images", "held_out": "5,000 held-out training images"}
HEAD = (
    "recipe",
    "changes",
    "views: pixels × passes",
    "kNN accuracy, %",
    "seeds",
    "CPU minutes",
    "images a second",
    "commit",
)
Answer = Mapping[str, Any]  # JSON
INTRODUCTION = """# Speedrun

How good a representation can two cores learn in 2, 10 and 60 minutes? From scratch, on CIFAR-10's 50,000 images without
their labels, by contrast alone; judged by the nearest neighbors (k = 200) of images that were not trained on. The form
is that of airbench {cite}`jordan2024`, which does the same with labels on a GPU.

Time is CPU time, of all threads that train, from images in memory to updated weights. It includes making the views and
leaves out measuring; two cores have twice as much in the same minutes. A row's time is that of the code of its commit,
which may have become faster since. On 5,000 images an accuracy has a standard error of 0.7 points, on 10,000 one of
0.5, and seeds add to it; so recipes of one seed that differ by less than about two points are not told apart.

What a recipe changes was chosen by held-out training images. How many passes it makes follows from its time alone, and
grew as the steps became faster: after the recipe of 2 minutes had been judged by the test images with 16 and with 18
passes, it was lengthened to 20 and judged by them again. *small first* is that recipe with 18 passes; what was tried
departs from it in one thing or two, and not always in the same time. The recipe of 60 minutes was not tried on held-out
images: it is that of 10 with a stem of stride 1, and longer.

Beside the recipes, on the same processor: *plain*, which is SimCo with two temperatures as chapter one first had it;
and, where it was run, lightly's own SimCLR example on its ResNet-18 of width 16.
"""
COMMON = "Where a recipe changes nothing it has "  # and lightly's its own settings
NONE = "Nothing was measured yet.\n"


def speedrun_page() -> str:
    """The page in MyST."""
    parts = [of_processor(file.read_text("utf-8")) for file in files()]
    return "\n".join([INTRODUCTION, *(parts or [NONE])])


def files() -> list[Path]:
    return sorted(RESULTS.glob("*.json"))


def of_processor(text: str) -> str:
    found = json.loads(text)
    origin = numbers_from(f"speedrun/{found['kind']}.json")
    parts = [f"## {plain(found['cpu'])}\n", f"{COMMON}{settings(found['base'])}.\n"]
    for images, words in SEEN.items():
        if answers := of_images(found, images):
            drawn = curves(text, images)
            parts += [f"On {words}:\n", recipes(answers), ""]
            parts += [block(path_of(found["kind"], images), drawn), ""] if drawn else []
            parts += [origin, ""]
    return "\n".join(parts)


def of_images(found: Mapping[str, Any], images: str) -> list[Answer]:
    """Of one recipe with different passes, each under a name of its own."""
    answers = [one for one in found["answers"] if one["images"] == images]
    lengths = {
        one["recipe"]: {passes(other) for other in answers if other["recipe"] == one["recipe"]} for one in answers
    }
    return [
        one if len(lengths[one["recipe"]]) == 1 else {**one, "recipe": f"{one['recipe']}, {passes(one)} passes"}
        for one in answers
    ]


def passes(one: Answer) -> int:
    """That were asked for; of what trains until its time is over, 0."""
    return sum(count for _, count in one.get("sizes", ()))


def settings(of: Mapping[str, Any]) -> str:
    """Those that are set: None, "" and False are none."""
    return ", ".join(
        f"{name.replace('_', ' ')} {value}" for name, value in of.items() if value not in (None, "", False)
    )


def trained(one: Answer) -> bool:
    return bool(one["recipe"] != FLOOR)


def recipes(answers: list[Answer]) -> str:
    """A row a recipe, the best one first."""
    ends = pd.DataFrame([{**one, **one["points"][-1]} for one in answers])
    scores = over_seeds(ends, ["recipe"], "accuracy").sort_values("mean", ascending=False)
    minutes = (ends["cpu_seconds"] / 60).groupby(ends["recipe"]).agg(["mean", "min", "max"]).add_prefix("minutes_")
    scores = scores.merge(minutes.reset_index())
    first = {one["recipe"]: one for one in reversed(answers)}
    return table(HEAD, [row(first[str(score["recipe"])], score) for score in scores.to_dict("records")])


def row(one: Answer, score: Mapping[Any, Any]) -> tuple[str, ...]:
    interval = "" if score["n"] < 2 else f" ({number(score['low'])} to {number(score['high'])})"
    minutes, made = score["minutes_mean"], one["points"][-1]["epoch"]
    # A pass is over the 50,000 training images, or over those that are not held out.
    rate = made * (50_000 if one["images"] == "test" else 45_000) / minutes / 60 if minutes else None
    sizes = ", ".join(f"{size} × {count}" for size, count in one.get("sizes", ()) if count)
    spread = f" ({score['minutes_min']:.1f} to {score['minutes_max']:.1f})" if score["n"] > 1 else ""
    return (
        one["recipe"],
        settings(one.get("change", {})) or "–",
        sizes or (number(made) if made else "–"),
        f"**{score['mean']:.1f}**{interval}",
        counted(score["n"]).split()[0],
        f"{minutes:.1f}{spread}",
        f"{rate:,.0f}" if rate else "–",
        one["commit"][:7],
    )


# --- the figure


def pictures() -> dict[str, bytes]:
    """The figures of each processor for a wide and for a narrow screen, by file name."""
    texts = [file.read_text("utf-8") for file in files()]
    return {
        path_of(json.loads(text)["kind"], images) + end: svg
        for text in texts for images in SEEN for end, svg in curves(text, images).items()
    }  # fmt: skip


@cache
def curves(text: str, images: str) -> dict[str, bytes]:
    """Of a processor's file, by the end of the figure's name: drawn once, for the page and for the file beside it."""
    answers = of_images(json.loads(text), images)
    if not any(map(trained, answers)):
        return {}
    points = pd.DataFrame(
        [
            {"recipe": one["recipe"], "seed": one["seed"], "point": at, "minutes": point["cpu_seconds"] / 60} | point
            for one in answers if trained(one) for at, point in enumerate(one["points"])
        ]
    )  # fmt: skip
    means = over_seeds(points, ["recipe", "point"], "accuracy")
    means = means.merge(points.groupby(["recipe", "point"])["minutes"].mean().reset_index())
    level = [one["points"][-1]["accuracy"] for one in answers if not trained(one)][:1]
    floor = pd.DataFrame({"label": ["raw pixels"] * len(level), "accuracy": level})
    drawn = {}
    for suffix, sheet in {".svg": SCREEN, "-phone.svg": PHONE}.items():
        with drawn_on(sheet):
            figure = accuracy_over_time(means, floor)
            drawn[suffix] = as_svg(figure)
            plt.close(figure)
    return drawn


def path_of(kind: str, images: str) -> str:
    return f"figures/speedrun/{kind}-{images.replace('_', '-')}"


def block(name: str, drawn: Mapping[str, bytes]) -> str:
    alt = "kNN accuracy over CPU minutes; where each recipe ends stands in the table above."
    return f"```{{drawn-figure}} {name}\n:alt: {alt}\n:sizes: {' '.join(map(size, drawn.values()))}\n```"


def numbers() -> dict[str, str]:
    """Files of these numbers, by name."""
    return {f"speedrun/{file.name}": file.read_text("utf-8") for file in files()}
