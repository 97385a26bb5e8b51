"""The pages that no one writes: cover, in pictures, ledger, errata, how to cite, speed, the machines of the runs, the
reference."""

from collections.abc import Mapping

import about
import errata
import in_pictures
import ledger
import reference_pages
import reproducibility
import speed_page
from cover import cover
from ledger_csv import ledger_files
from rendered import Chapter


def drawn_pages(pages: Mapping[str, Chapter]) -> dict[str, str | bytes]:
    """MyST and other files by name below book/chapters; `pages` are those of the chapters, to link to."""
    rows = ledger.read_rows()
    return {
        **cover(rows, pages),
        "ledger.md": ledger.ledger_page(rows, pages),
        "in_pictures.md": in_pictures.in_pictures_page(),
        "errata.md": errata.errata_page(rows),
        "cite.md": about.about_page(),
        "reproducibility.md": reproducibility.reproducibility_page(),
        **reference_pages.reference_pages(),
        **{f"files/claims/{name}": text for name, text in ledger_files(rows).items()},
        "speed.md": speed_page.speed_page(),
        **pictures(),
    }


def pictures() -> dict[str, bytes]:
    """Their figures, by file name."""
    return {"speed.svg": speed} if (speed := speed_page.picture()) else {}
