"""The book as one PDF: pages in their order, contents with the right numbers, links that stay in the book."""

import io
from pathlib import Path

import pytest

from built_pages import served

pytestmark = pytest.mark.browser

NAVIGATION = "".join(
    f'<a class="reference internal" href="{page}">x</a>'
    for page in ("index.html", "chapters/one.html", "notation.html")
)
MATHJAX = "<script>window.MathJax = {startup: {promise: null}, typesetPromise: async () => {}}</script>"
THEME = "<style>body { display: flex; flex-direction: column }</style>"
LONG = "<p>a line of words</p>" * 120  # some pages
PAGES = {
    "index.html": f'<h1>Cover<a class="headerlink">#</a></h1><p><a href="chapters/one.html#end">to the end</a></p>'
    f'<p><a href="records/run.json">a record</a></p>{LONG}',
    "chapters/one.html": f'<h1>One</h1><div class="short-answer">x</div><section id="end"><h2>The end</h2></section>'
    f'{LONG}<section id="twice"><h2>Twice</h2><a href="#twice">here</a></section>',
    "notation.html": '<h1>Words</h1><section id="twice"><h2>Twice</h2></section><a href="#twice">here</a>',
}


@pytest.fixture
def built(tmp_path: Path) -> Path:
    for name, article in PAGES.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        article = f'<article class="bd-article">{article}</article>'
        head = f"<!doctype html><head>{MATHJAX}{THEME}</head>"
        file.write_text(f'{head}<nav class="bd-links">{NAVIGATION}</nav>{article}')
    return tmp_path


def test_contents_numbers_and_links(built: Path, driver: object) -> None:
    pypdf = pytest.importorskip("pypdf")
    import pdf

    with served(built) as address:
        written = pdf.printed(driver, f"{address}/{pdf.BASE}")
    reader = pypdf.PdfReader(io.BytesIO(written))
    texts = [page.extract_text() for page in reader.pages]
    places = pdf.places(written)
    # The number below a page comes first in its text.
    begins = {text.split()[1]: number for number, text in enumerate(texts, 1) if text.split()[0] == str(number)}
    order = [begins[title] for title in ("Cover#", "One", "Words")]
    assert [places[f"page-{name}"] for name in ("index", "chapters-one", "notation")] == order
    assert order == sorted(order)
    assert places["end"] == order[1]
    assert order[1] < places["twice"] < order[2] == places["page-notation-twice"]
    contents = " ".join(texts[1].split())
    assert f"Cover {order[0]} One {order[1]} The end {order[1]} Twice {places['twice']} Words {order[2]}" in contents
    links = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    assert not [link for link in links if "/URI" in link.get("/A", {})]
    assert [title.title for title in reader.outline if not isinstance(title, list)]


HEADS = "".join(f"<th>{word}</th>" for word in ("claim", "photographs", "shapes", "effect", "trend", "figure"))
LEDGER = f'<table class="ledger" style="width: 100%"><thead><tr>{HEADS}</tr></thead></table>'


def test_the_ledger_fills_its_wider_sheets(built: Path, driver: object) -> None:
    pypdf = pytest.importorskip("pypdf")
    import pdf

    page = built / "chapters" / "one.html"
    page.write_text(page.read_text().replace('<section id="end">', f'{LEDGER}<section id="end">'))
    with served(built) as address:
        written = pdf.printed(driver, f"{address}/{pdf.BASE}")
    sheet = next(page for page in pypdf.PdfReader(io.BytesIO(written)).pages if page.mediabox.width > 800)
    begins: list[float] = []  # of each piece of text, points from the left
    sheet.extract_text(visitor_text=lambda text, page, at, *_: begins.append(page[0] * at[4] + page[4]))
    upright = 595  # points, as wide as the other sheets are
    assert max(begins) > upright
