"""A study on many machines."""

from mutant_tables.mutant import Mutant, mutants

MUTANTS: list[Mutant] = [
    *mutants(
        "cluster/accept.py",
        "cluster/test_accept.py",
        ("the settings are not compared", 'record["run"] != plain(run.content())', 'record["key"] != key'),
        ("a setting of more than nine digits is refused", "plain(run.content())", "run.content()"),
        ("infinite numbers are taken", "if isfinite(float(word)) else refused(word)", "if word else refused(word)"),
        ("other code is taken", "source_digest(run) not in provenance", "not provenance"),
        ("any size is read", "len(content) > MAX_BYTES", "len(content) < 0"),
    ),
    *mutants(
        "cluster/dispatch.py",
        "cluster/test_dispatch.py",
        ("a kind takes a seed that another began", "if unit not in self.begun:", "if True:"),
        ("an end counts nowhere", "self.lost[key, worker.home] += blame", "self.lost[key, worker.home] += 0"),
        ("a lost run is forgotten", "        self.waiting[key] = None\n", "        pass\n"),
        (
            "the slow worker takes the last run",
            "return len(self.waiting) <= len(others) and any(",
            "return False and any(",
        ),
        ("a kept run is trained elsewhere", "return home == worker.home or not any(", "return True or not any("),
        ("who is away for a moment refuses everything", "for home in here + soon", "for home in here"),
        ("who is away is waited for without end", "now - left < BACK", "now - left < float('inf')"),
        ("units are never free again", "        self._reopen()\n", ""),
    ),
    *mutants(
        "cluster/pace.py",
        "cluster/test_dispatch.py",
        ("shortest first", "key=lambda key: -seconds", "key=lambda key: seconds"),
        ("a pace is never learned", "0.5 * self.pace + 0.5 * max", "self.pace + 0 * max"),
    ),
    *mutants(
        "cluster/units.py",
        "cluster/test_units.py",
        ("every arm by itself", "if one in (mine, other) else one", "if False else one"),
        ("floors apart from arms", "if not alone:", "if False:"),
    ),
    *mutants(
        "cluster/recruit.py",
        "cluster/test_recruit.py",
        ("other code takes part", "if worker.code != ours.code:", "if False:"),
        ("other data take part", "if worker.data != ours.data:", "if False:"),
        ("processors beside cards", "if not worker.gpu}", "if False}"),
        ("two workers on a card", "(other := first.setdefault(worker.card, address)) != address", "not address"),
        ("a card that a worker has is free", "for address, card in held.items()", "for address, card in ()"),
    ),
    *mutants(
        "cluster/errands.py",
        "cluster/test_errands.py",
        ("one result is fetched at a time", "FETCHED_AT_ONCE = 8", "FETCHED_AT_ONCE = 1"),
        ("a result of one that was called back", "self.under_way.pop(at, None):", "self.under_way.get(at, 1):"),
    ),
    *mutants(
        "cluster/facts.py",
        "cluster/test_parsing.py",
        ("two threads parse at a time", "    with PARSING:\n", "    if True:\n"),
    ),
    *mutants(
        "cluster/kind.py",
        "cluster/test_recruit.py",
        ("precision makes no kind", "{precision}, threads", "threads"),
    ),
    *mutants(
        "cluster/split.py",
        "cluster/test_split.py",
        ("more at a time however little it gives", "if found < WORTH * rate:", "if found < rate:"),
        ("threads however little they give", ">= WORTH * rate:", ">= rate:"),
        ("threads that were asked for are changed", "if machine.threads or", "if"),
        ("more threads than cores", "min(slots, cores()) // runs", "slots // runs"),
    ),
    *mutants(
        "cluster/team.py",
        "cluster/test_split.py",
        ("planned for one thread", "if split.threads != machine.threads:", "if False:"),
    ),
    *mutants(
        "cluster/address.py",
        "cluster/test_address.py",
        ("nobody is warned", "return ipaddress.ip_address(host).is_private", "return True"),
        ("unknown keys are taken", "if name not in TAKES[kind]:", "if name not in KEYS:"),
    ),
]
