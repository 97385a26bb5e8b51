"""Sheets of small images on white, pixel by pixel: the page enlarges them."""

import io
from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image, ImageDraw

Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]  # [N, H, W, 3]
GAP, APART = 3, 11  # pixels between images, and between groups of them
MARK = 2  # height of the line below a neighbor of the query's class


def pair_sheet(rows: Sequence[Pixels]) -> bytes:
    """One row each: whole images, and below each its views."""
    side = max(row.shape[1] for row in rows)
    sheet = Image.new("RGB", (len(rows[0]) * (side + GAP) - GAP, len(rows) * (side + GAP) - GAP), "white")
    for place, row in enumerate(rows):
        for number, image in enumerate(row):
            sheet.paste(enlarged(image, side), (number * (side + GAP), place * (side + GAP)))
    return as_png(sheet)


def neighbor_sheet(
    images: Pixels, labels: Sequence[int], queries: Sequence[int], *found: Sequence[Sequence[int]]
) -> bytes:
    """A row a query: the query itself, then a group for each of `found`, the neighbors of each image. Below a neighbor
    of the query's class there is a line."""
    side, count = images.shape[1], len(found[0][0])
    step = side + GAP
    starts = [step + APART + group * (count * step + APART) for group in range(len(found))]
    down = side + MARK + 2 * GAP
    sheet = Image.new("RGB", (starts[-1] + count * step - GAP, len(queries) * down), "white")
    draw = ImageDraw.Draw(sheet)
    for row, query in enumerate(queries):
        sheet.paste(enlarged(images[query], side), (0, row * down))
        for start, groups in zip(starts, found, strict=True):
            for place, other in enumerate(groups[query]):
                corner = (start + place * step, row * down)
                sheet.paste(enlarged(images[other], side), corner)
                if labels[other] == labels[query]:
                    draw.rectangle(line_below(corner, side), fill="black")
    return as_png(sheet)


def line_below(corner: tuple[int, int], side: int) -> tuple[int, int, int, int]:
    """left, top, right, bottom."""
    left, top = corner[0], corner[1] + side + GAP // 2
    return left, top, left + side - 1, top + MARK - 1


def enlarged(image: Iterable[object], side: int) -> Image.Image:
    return Image.fromarray(np.asarray(image)).resize((side, side), Image.Resampling.NEAREST)


def as_png(sheet: Image.Image) -> bytes:
    file = io.BytesIO()
    sheet.save(file, "PNG", optimize=True)
    return file.getvalue()
