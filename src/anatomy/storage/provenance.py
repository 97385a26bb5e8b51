"""How a stored run was made, in words, and where that differs from what was asked for.

A run's key does not hold the machine, so a request in bf16 is answered by a run made in fp32: which must be said.
"""

from collections.abc import Mapping

from anatomy.hardware.machine import Machine

Provenance = Mapping[str, object]  # of a record, or as far as it is known


def words(name: str, value: object) -> str:
    """One fact of a provenance, or of a machine asked for."""
    if name == "threads":
        return f"on {value} thread{'s' * (value != 1)}"
    if name == "compile":
        return "compiled" if value == "yes" else "not compiled"
    return f"in {value}" if name == "precision" else f"on {value}"


def otherwise(provenance: Provenance, asked: Machine) -> list[str]:
    """The fields that were asked for explicitly and that the run was not made with."""
    by_hand = {"precision": asked.precision, "compile": asked.compile, "threads": asked.threads or "auto"}
    differing = [name for name, value in by_hand.items() if value not in ("auto", provenance[name])]
    if asked.device != "auto" and (asked.device == "cpu") != (provenance["device"] == "cpu"):
        differing.append("device")
    return differing


def said_otherwise(provenances: Mapping[str, Provenance], asked: Machine) -> str:
    """One sentence on the runs, by key, that were not made as asked; empty where all were."""
    found = {key: names for key, made in provenances.items() if (names := otherwise(made, asked))}
    if not found:
        return ""
    fields = dict.fromkeys(name for names in found.values() for name in names)
    made = {name: {words(name, provenances[key][name]) for key in found if name in found[key]} for name in fields}
    as_made = " and ".join(" or ".join(sorted(ways)) for ways in made.values())
    as_asked = " and ".join(words(name, getattr(asked, name)) for name in fields)
    first, one = next(iter(found)), len(found) == 1
    which = f"run {first} was" if one else f"{len(found)} of {len(provenances)} runs, first {first}, were"
    used = f"used as {'it is' if one else 'they are'}; another --store trains {'it' if one else 'them'} anew"
    return f"{which} made {as_made}, but asked for {as_asked}; {used}."
