"""The pages that are made from records (ledger, errata, where the runs were made) and from the source (reference)."""

import errata
import ledger
import reference
import reproducibility


def drawn_pages(chapters: set[str]) -> dict[str, str]:
    """MyST by file name; `chapters` are those that have a page to link to."""
    claims = ledger.read_claims()
    return {
        "ledger.md": ledger.ledger_page(claims, chapters),
        "errata.md": errata.errata_page(claims),
        "reproducibility.md": reproducibility.reproducibility_page(),
        **reference.reference_pages(),
    }
