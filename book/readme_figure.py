"""make figure: the README's picture, drawn from the published records as the first chapter's page has it."""

import sys
from pathlib import Path

from anatomy.pages.chapter_figures import find
from anatomy.pages.redrawn import redrawn

PICTURE = Path(__file__).parent / "assets" / "hardness.png"


def main() -> int:
    (drawing,) = redrawn("dictionary_size", only=find("fig-grid"))
    PICTURE.write_bytes(drawing.files[".png"])
    print(PICTURE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
