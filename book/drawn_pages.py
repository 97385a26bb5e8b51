"""The pages that no one writes: cover, in pictures, ledger, errata, how to cite, speed, speedrun, the machines of the
runs, the reference."""

from collections.abc import Mapping

import about
import errata
import in_pictures
import ledger
import matrix_views
import reference_pages
import regime_pilots
import reproducibility
import speed_files
import speed_page
import speedrun_page
from code_archive import NAME, code_archive, code_note
from cover import cover
from ledger_csv import ledger_files
from rendered import Chapter
from run_list import run_list


def drawn_pages(pages: Mapping[str, Chapter]) -> dict[str, str | bytes]:
    """MyST and other files by name below book/chapters; `pages` are those of the chapters, to link to."""
    rows, code, speed = ledger.read_rows(), code_archive(), speed_page.picture()
    return {
        **cover(rows, pages),
        "code.md": code_note(code),
        **({f"files/{NAME}": code} if code else {}),
        "ledger.md": ledger.ledger_page(rows, pages),
        "in_pictures.md": in_pictures.in_pictures_page(),
        "errata.md": errata.errata_page(rows),
        "cite.md": about.about_page(),
        "reproducibility.md": reproducibility.reproducibility_page(),
        **reference_pages.reference_pages(),
        **{f"files/claims/{name}": text for name, text in ledger_files(rows).items()},
        "speed.md": speed_page.speed_page(speed),
        **speed,
        "speedrun.md": speedrun_page.speedrun_page(),
        **speedrun_page.pictures(),
        **{f"files/{name}": text for name, text in numbers().items()},
    }


def numbers() -> dict[str, str]:
    """Files of the numbers that these pages show, by name."""
    speed = {f"speed/{file.name}": file.read_text("utf-8") for file in sorted(speed_files.RESULTS.glob("*.json"))}
    before = (errata.FOLDER / "verdicts_before.json").read_text("utf-8")
    alone = {file.name: file.read_text("utf-8") for file in (regime_pilots.FILE, matrix_views.FILE) if file.exists()}
    return {**speed, **speedrun_page.numbers(), **alone, "verdicts_before.json": before, "runs.csv": run_list()}
