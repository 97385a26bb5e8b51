"""The pages that are drawn from records: the ledger, the errata, and where the runs were made; and the speed page."""

import errata
import ledger
import reproducibility
import speed_page


def drawn_pages(chapters: set[str]) -> dict[str, str]:
    """MyST by file name; `chapters` are those that have a page to link to."""
    claims = ledger.read_claims()
    return {
        "ledger.md": ledger.ledger_page(claims, chapters),
        "errata.md": errata.errata_page(claims),
        "reproducibility.md": reproducibility.reproducibility_page(),
        "speed.md": speed_page.speed_page(),
    }


def pictures() -> dict[str, bytes]:
    """Their figures, by file name."""
    return {"speed.png": speed} if (speed := speed_page.picture()) else {}
