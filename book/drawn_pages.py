"""The pages that no one writes: cover, ledger, errata, how to cite, where the runs were made, and the reference."""

from collections.abc import Mapping

import about
import errata
import ledger
import reference
import reproducibility
from cover import cover
from ledger_csv import ledger_files
from rendered import Chapter


def drawn_pages(pages: Mapping[str, Chapter]) -> dict[str, str | bytes]:
    """MyST and other files by name below book/chapters; `pages` are those of the chapters, to link to."""
    rows = ledger.read_rows()
    return {
        **cover(rows, pages),
        "ledger.md": ledger.ledger_page(rows, pages),
        "errata.md": errata.errata_page(rows),
        "cite.md": about.about_page(),
        "reproducibility.md": reproducibility.reproducibility_page(),
        **reference.reference_pages(),
        **{f"files/claims/{name}": text for name, text in ledger_files(rows).items()},
    }
