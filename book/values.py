"""Which values an option takes, in words: from the JSON schema that pydantic makes of its type."""

from collections.abc import Mapping
from typing import cast

from anatomy.runs.option_types import adapter, describe

Schema = Mapping[str, object]
WORDS = {"integer": "integer", "number": "number", "boolean": "yes or no", "string": "text", "null": "none"}
BOUNDS = {
    "minimum": "{} or more",
    "exclusiveMinimum": "above {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "below {}",
}
IN_64_BITS = 10**9  # a bound above this only keeps numbers storable, and is not said


def values(type_: object) -> str:
    """Such as "integer, 1 or more", or the words that are taken."""
    return in_words(adapter(type_).json_schema()) or f"`{describe(type_)}`"


def in_words(schema: Schema) -> str:
    if "anyOf" in schema:
        return "; or ".join(map(in_words, cast(list[Schema], schema["anyOf"])))
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in cast(list[str], schema["enum"]))
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"several: {in_words(cast(Schema, schema.get('items', {})))}"
    return WORDS.get(str(schema.get("type")), "") + bounds(schema)


def bounds(schema: Schema) -> str:
    """`, 1 or more`."""
    given = {name: float(str(schema[name])) for name in BOUNDS if name in schema}
    return "".join(f", {BOUNDS[name].format(f'{limit:g}')}" for name, limit in given.items() if limit < IN_64_BITS)
