"""How a method, a loss or a layer looks, in every figure of the book: a color of its own, and never by color alone.

Arms of one method share its color and differ in line and marker. The colors are told apart by the color-blind, and
have a contrast of 3 to 1 or more with white.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import cycle

BLUE, ORANGE, GREEN, RED, PURPLE, BROWN, PINK, GRAY, SKY, OCHRE = (
    *("#0072b2", "#c85a00", "#00805c", "#b3261e", "#7a4fa3", "#7d5a3c", "#c2417c", "#5f6670", "#2b8cbe", "#8f7200"),
)
COLORS = (BLUE, ORANGE, GREEN, PURPLE, RED, BROWN, PINK, GRAY, SKY, OCHRE)
POSITIVE, NEGATIVE, FALSE = GREEN, ORANGE, RED  # pairs: of one image, of two, of two that show the same class
STYLES = ("-", "--", "-.", ":")
MARKERS = tuple("osD^vP<>Xp")
# By the words that a name begins with; the first that fits, so the longer one stands before the shorter. What never
# stands in one figure may share a color.
OWN = {
    "one temperature": BLUE, "two temperatures": ORANGE,
    "SimCo, two": ORANGE, "SimCo": BLUE, "InfoNCE": BLUE,
    "SimMoCo": GREEN, "MoCo v2": PURPLE, "SimCLR": BROWN,
    "SimSiam": BLUE, "Mirror SimSiam": ORANGE, "naive": RED, "predictor on both": GREEN,
    "single bias": PURPLE, "single linear": BROWN, "BYOL": PINK, "explicit expectation": SKY,
    "moving average": OCHRE, "triplet": GREEN,
    "DCLW": SKY, "DCL": ORANGE, "hard negatives": GREEN, "CACR": PURPLE, "spectral": BROWN,
    "debiased": PINK, "alignment": OCHRE,
    "BN": BLUE, "GN and WS": RED, "GN+": PURPLE, "GN": ORANGE, "no norm": GREEN, "BCN": BROWN,
    "LN": PINK, "IN": GRAY,
    "plain": PURPLE, "positives": POSITIVE, "negatives": NEGATIVE, "hardest negatives": RED,
}  # fmt: skip


@dataclass(frozen=True)
class Look:
    """Of a line: as matplotlib names them."""

    color: str
    linestyle: str
    marker: str

    def with_line(self, linestyle: str) -> "Look":
        """The same color in another line."""
        return replace(self, linestyle=linestyle)


def own(name: str) -> str | None:
    """The color that belongs to a name; None where none does."""
    return next((color for start, color in OWN.items() if name.startswith(start)), None)


def looks(names: Iterable[object]) -> dict[str, Look]:
    """Of all arms of a figure. One that has no color of its own gets one that no other has here, as far as there are
    any."""
    arms = list(dict.fromkeys(map(str, names)))
    known = {name: own(name) for name in arms}
    free = cycle([color for color in COLORS if color not in known.values()] or COLORS)
    colors = {name: color or next(free) for name, color in known.items()}
    found: dict[str, Look] = {}
    for place, name in enumerate(arms):
        alike = [look for look in found.values() if look.color == colors[name]]
        style = _free(STYLES, place, {look.linestyle for look in alike})
        found[name] = Look(colors[name], style, _free(MARKERS, place, {look.marker for look in alike}))
    return found


def _free(known: Sequence[str], place: int, taken: Collection[str]) -> str:
    """The first that is not taken, from a place on; that at the place where all are."""
    turned = [known[(place + further) % len(known)] for further in range(len(known))]
    return next((one for one in turned if one not in taken), turned[0])
