"""The flags that come from code, fields and options of a run and parameters of a study: read, and listed in --help."""

from anatomy import studies
from anatomy.errors import InputError
from anatomy.runs import option_types, parts
from anatomy.runs.config import Run
from anatomy.runs.kinds import SEVERAL, SINGLE
from anatomy.study.parameters import COMMON, grid_options


def flat_flags(rest: list[str]) -> dict[str, object]:
    """`--batch-size 256 --loss.temperature=0.1 --symmetric` as {"batch_size": "256", ..., "symmetric": BARE}."""
    flat: dict[str, object] = {}
    waiting = list(rest)
    while waiting:
        word = waiting.pop(0)
        if not word.startswith("--") or len(word) == 2:
            raise InputError(f"{word!r} is no flag; flags begin with -- and are followed by a value")
        name, equals, value = word[2:].partition("=")
        followed = bool(waiting) and not waiting[0].startswith("--")
        flat[name.replace("-", "_")] = value if equals else waiting.pop(0) if followed else option_types.BARE
    return flat


def check_no_rest(rest: list[str]) -> None:
    if rest:
        raise InputError(f"unknown argument {rest[0]!r}; --help lists the known ones")


def size_in_bytes(text: str) -> int:
    """500M, 1G, 2000."""
    units = {"K": 10**3, "M": 10**6, "G": 10**9}
    number, unit = (text[:-1], units[text[-1].upper()]) if text[-1:].upper() in units else (text, 1)
    try:
        size = int(float(number) * unit)
    except (ValueError, OverflowError):
        size = -1
    if size < 0:
        raise InputError(f"keep is {text!r}, but it must be a size such as 500M or 1G")
    return size


def run_help() -> str:
    """Every field of a Run, and the options of every part: read from the code, so it cannot lag behind."""
    lines = ["fields of a run, each a flag (--batch-size 128):"]
    for name, field in Run.model_fields.items():
        default = field.default
        shown = default.name if name in SINGLE else ",".join(p.name for p in default) if name in SEVERAL else default
        lines.append(
            f"  --{name.replace('_', '-'):<15} {field.description} (default {'none' if shown in (None, '') else shown})"
        )
    for field_name, kind in (SINGLE | SEVERAL).items():
        lines.append(f"\n{field_name}, with their options:")
        for part in parts.names(kind):
            options = parts.signature(kind, part).values()
            said = [o.name + ("" if o.default is option_types.REQUIRED else f"={o.default}") for o in options]
            lines.append(f"  {part:<18} {', '.join(said)}")
    lines.append("\nexample: anatomy run --method simco --temperature 0.1 --epochs 2 --images 2000")
    return "\n".join(lines)


def study_help() -> str:
    """The parameters of every study."""
    lines = [
        "parameters of every study, as in the notebooks:",
        "  " + ", ".join(f"--{n.replace('_', '-')}" for n in COMMON),
    ]
    for chapter in studies.names():
        lines.append(f"{chapter}: " + ", ".join(f"--{n.replace('_', '-')}" for n in grid_options(chapter)))
    lines.append("\nexample: anatomy study dictionary_size --preset laptop --time-limit 9m")
    return "\n".join(lines)
