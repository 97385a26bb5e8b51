"""A record for records/, in half the room: the numbers that a page shows need fewer digits than a run has."""

from anatomy.storage.record import Json, Record, Table, content_digest, plain


def as_published(record: Record) -> Record:
    """Its tables with 6 significant digits, and whole numbers without `.0`."""
    tables: dict[str, Table] = plain(record["tables"], digits=6)
    brief = {name: {of: _brief(column) for of, column in table.items()} for name, table in tables.items()}
    lean: Record = {**record, "tables": brief}
    return {**lean, "digest": content_digest(lean)}


def _brief(column: list[Json]) -> list[Json]:
    """The same numbers; the first keeps its `.0`, from which a reader sees that the column is one of floats."""
    return [*column[:1], *(int(value) if _is_whole(value) else value for value in column[1:])]


def _is_whole(value: Json) -> bool:
    """Whether it is a float that is written with `.0`; not -0, whose sign would be lost."""
    return isinstance(value, float) and str(value).endswith(".0") and str(value) != "-0.0"
