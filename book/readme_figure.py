"""make figure: the README's picture, drawn from the published records as the chapter draws it."""

import sys
from pathlib import Path

from anatomy.analysis.over_seeds import over_seeds
from anatomy.figures.hardness import hardness_grid
from anatomy.study.study import Study

PICTURE = Path(__file__).parent / "assets" / "hardness.png"


def main() -> int:
    grid, by = Study("dictionary_size", preset="published").tables["hardness_grid"], ["temperature", "negatives"]
    hardness_grid(over_seeds(grid, by, "cv"), over_seeds(grid, by, "mean")).savefig(PICTURE, dpi=120)
    print(PICTURE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
