"""What was asked of the ratios to lightly before they were measured, by the instructions that a processor has."""

from collections.abc import Mapping

ALL = ""  # every kind of processor
# By the beginning of a row's name.
AIMS: Mapping[str, Mapping[str, float]] = {
    "two SimCLR views": {ALL: 15},
    "the same, colors by one matrix": {ALL: 25},
    "step of a ResNet-18, width 16": {"amx": 4, "avx512": 2.7, "avx2": 1.9},
    "step of a ResNet-18, width 64": {"amx": 3, "avx512": 2, "avx2": 1.25},
    "InfoNCE, 256 anchors against a queue of 65,536": {ALL: 7},
}
MINUTES = 15  # of the whole benchmark


def aim(what: str, kind: str) -> str:
    """`2.7`, of a row on a kind of processor such as `epyc-avx512`; a dash where none was named."""
    named = next((aims for begin, aims in AIMS.items() if what.startswith(begin)), {})
    found = next((value for part, value in named.items() if part in kind), None)
    return "–" if found is None else f"{found:g}"
