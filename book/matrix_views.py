"""What colors by one matrix an image do to accuracy, as benchmarks/views_accuracy.py measured it."""

import json
from pathlib import Path
from statistics import mean, stdev

from anatomy.verdicts.numbers import number
from anatomy.verdicts.student_t import half_width
from markup import numbers_from

FILE = Path(__file__).resolve().parent.parent / "benchmarks" / "results" / "matrix_views.json"
TEXT = """## Views by one matrix an image

`views=matrix` makes the draws of the standard views and changes the colors of an image by one matrix. Its hue turns in
another plane, and colors are cut to the range of a pixel once, at the end, instead of after each operation. No study
uses it. With SimCo and InfoNCE on {dataset}, {epochs} passes and {seeds} pairs of runs, its kNN accuracy minus that of
the standard views is {difference} points (95 % interval {low} to {high}): {matrix:.1f} % and
{standard:.1f} %, on held-out training images. Measured on {cpu}, {precision}, on {date}.
"""


def matrix_views(file: Path = FILE) -> str:
    """The section in MyST; nothing where it was not measured."""
    if not file.exists():
        return ""
    found = json.loads(file.read_text("utf-8"))
    accuracy = found["accuracy"]
    differences = [b - a for a, b in zip(accuracy["standard"], accuracy["matrix"], strict=True)]
    middle, half = mean(differences), half_width(stdev(differences), len(differences))
    said = TEXT.format(
        dataset="CIFAR-10",
        epochs=found["run"]["epochs"],
        seeds=len(differences),
        difference=number(middle),
        low=number(middle - half),
        high=number(middle + half),
        cpu=" and ".join(found["cpu"]),
        precision=" and ".join(found["precision"]),
        date=found["date"],
        **{views: mean(of) for views, of in accuracy.items()},
    )
    return f"{said}\n{numbers_from(file.name)}\n"
