"""Runs, their names and keys, and how they are kept."""

from mutant_tables.mutant import Mutant, mutants

MUTANTS: list[Mutant] = [
    *mutants(
        "storage/store.py",
        "test_lock.py",
        (
            "what another process writes is removed",
            '        with (self.folder(key) / "lock").open("w") as handle:\n',
            (
                '        for leftover in self.folder(key).glob("*.part"):\n'
                "            leftover.unlink()\n"
                '        with (self.folder(key) / "lock").open("w") as handle:\n'
            ),
        ),
    ),
    *mutants(
        "runs/config.py",
        "test_config.py",
        ("other data, same key", "[self.content(), data_digest, own]", "[self.content(), own]"),
        ("a user's file is not in the key", "[self.content(), data_digest, own]", "[self.content(), data_digest]"),
    ),
    *mutants(
        "runs/flat.py",
        "test_config.py",
        ("given twice, last one wins", "if option in given:", "if False:"),
    ),
    *mutants(
        "runs/parts.py",
        "test_parts.py",
        (
            "a tensor is an option",
            "    except NameError:\n        return None",
            "    except NameError:\n        return Any",
        ),
        (
            "an option without a value is let through",
            "if option.default is REQUIRED and key not in checked:",
            "if False:",
        ),
    ),
    *mutants(
        "runs/definitions.py",
        "test_own_file.py",
        ("UTF-8, whatever the coding line says", "decode_source(content)", "content.decode()"),
        ("what lies beside an own file is imported", "        if near:", "        if False:"),
        ("an async function is a part", "if isinstance(node, ast.AsyncFunctionDef):", "if False:"),
    ),
    *mutants(
        "runs/own_file.py",
        "test_own_file.py",
        (
            "an own file that calls exit ends the command",
            "except BaseException as error:",
            "except Exception as error:",
        ),
        ("half a module stays", "                del sys.modules[name]\n", ""),
        ("an edited file is not run again", "str(file).encode() + content)", "str(file).encode())"),
    ),
    *mutants(
        "storage/record.py",
        "test_record.py",
        ("a changed number passes", 'if record["digest"] != content_digest(record):', "if False:"),
        ("a fact that readers ask for is missing", "if not isinstance(provenance.get(name), kind):", "if False:"),
        ("a record of an own file passes for damaged", 'if not _of_own_files(record["run"]):', "if True:"),
        ("runs of one setting have one seed", '.model_copy(update={"seed": seed})', ""),
    ),
    *mutants(
        "cli/verify.py",
        "test_verify.py",
        (
            "another run's checkpoint passes",
            "state_of(unsealed(read_whole(path)), key)",
            "unsealed(read_whole(path))",
        ),
        ("files that nobody knows pass", "READ.get(name, _unknown)", "READ.get(name, _lock)"),
    ),
    *mutants(
        "storage/store.py",
        "test_store.py",
        (
            "who only reads quarantines",
            '_say_once(f"{path} cannot be used: {reason(damage)}; training its run quarantines it.")',
            "quarantine(path, reason(damage))",
        ),
        ("weights are pruned from under a process", "                if free:\n", "                if True:\n"),
    ),
    *mutants(
        "storage/provenance.py",
        "test_provenance.py",
        ("another precision is not said", 'value not in ("auto", provenance[name])', "value is None"),
        ("another device is not said", '(asked.device == "cpu") != (provenance["device"] == "cpu")', "False"),
    ),
    *mutants(
        "quantities.py",
        "test_parts.py",
        (
            "a temperature of zero",
            "Temperature = Annotated[float, Field(gt=0), AllowInfNan(False)]",
            "Temperature = Annotated[float, Field(ge=0), AllowInfNan(False)]",
        ),
    ),
]
