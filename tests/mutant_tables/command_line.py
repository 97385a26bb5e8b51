"""Breaks of what commands write."""

from mutant_tables.mutant import mutants

MUTANTS = mutants(
    "cli/new_chapter.py",
    "cli/test_new_chapter.py",
    ("a file that is there is overwritten", "    if there:\n", "    if False:\n"),
    ("a name that is taken passes", "    if given in taken:\n", "    if False:\n"),
    ("a word of Python passes", " or keyword.iskeyword(given)", ""),
    ("what was written stays where a write fails", "path.unlink(missing_ok=True)", "pass"),
    (
        "lines that were added stay where a write fails",
        "                write_whole(path, content)\n",
        "                pass\n",
    ),
    ("who may write is not asked", "if not os.access(place, os.W_OK)", "if False"),
    ("the family is not put in", '"chapterfamily": family, ', ""),
)
