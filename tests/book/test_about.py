"""How to cite, the license, the versions: drawn from the files that say so."""

import pytest

import about

CITATION: about.Citation = {
    "title": "A Book", "abstract": "", "version": "1.2", "license": "MIT", "date-released": "2031-05-06",
    "authors": [{"family-names": "Roe", "given-names": "Jane"}, {"name": "The Others"}],
    "repository-code": "https://example.org/book",
}  # fmt: skip


def test_persons_and_groups_are_cited() -> None:
    assert about.bibtex(CITATION).splitlines() == [
        "@misc{anatomy-contrastive,", "  author = {Roe, Jane and {The Others}},", "  title = {{A Book}},",
        "  year = {2031},", "  version = {1.2},", "  url = {https://example.org/book},", "}",
    ]  # fmt: skip
    assert about.sentence(CITATION) == (
        "Roe, Jane and The Others (2031). *A Book*, version 1.2. https://example.org/book"
    )


def test_the_page_has_what_the_files_say() -> None:
    page, of = about.about_page(), about.citation()
    assert f"version = {{{of['version']}}}" in page
    assert "Permission is hereby granted" in page
    assert 'THE SOFTWARE IS PROVIDED "AS IS"' in page
    assert f"| torch | {about.version('torch')} |" in page
    assert "(found-an-error)=" in page


def test_the_year_is_that_of_the_license_before_there_is_a_release() -> None:
    unreleased = {name: value for name, value in CITATION.items() if name != "date-released"}
    assert f"Copyright (c) {about.year(unreleased)} " in (about.ROOT / "LICENSE").read_text()  # type: ignore[arg-type]


def test_an_unpacked_archive_names_its_commit(monkeypatch: pytest.MonkeyPatch, tmp_path: about.Path) -> None:
    monkeypatch.setattr(about, "ROOT", tmp_path)
    (tmp_path / "COMMIT").write_text("0123456789ab\n")
    assert about.commit() == "0123456789ab"


def test_outside_of_git_no_commit_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: about.Path) -> None:
    monkeypatch.setattr(about, "ROOT", tmp_path)
    assert about.commit() == ""
