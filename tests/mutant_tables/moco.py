"""Methods with a dictionary: MoCo, SimCo, SimMoCo, SimCLR."""

from mutant_tables.mutant import Mutant, mutants

MUTANTS: list[Mutant] = [
    *mutants(
        "methods/moco.py",
        "methods/test_moco.py methods/test_moco_options.py methods/test_moco_transforms.py methods/test_simco.py "
        "methods/test_simclr.py methods/test_gradients.py",
        (
            "enqueued before the loss",
            "        loss, watch = self.contrast(z_1, key_2, batch)\n",
            "        self.queue and self.queue.enqueue(key_2, batch.index)\n"
            "        loss, watch = self.contrast(z_1, key_2, batch)\n",
        ),
        ("queries enqueued, not keys", 'keep={"keys": key_2.detach()', 'keep={"keys": z_1.detach()'),
        ("nothing enqueued", "            self.queue.enqueue(", "            (lambda *_: None)("),
        ("queue off by one", "torch.arange(len(keys), device", "torch.arange(1, 1 + len(keys), device"),
        ("queue's position not moved on", "(self.position + len(keys)) % size)", "(self.position + 0) % size)"),
        (
            "queue's position moved one too far",
            "(self.position + len(keys)) % size)",
            "(self.position + len(keys) + 1) % size)",
        ),
        ("the first of too many keys stay", "= keys[-size:]", "= keys[:size]"),
        (
            "the position is not saved",
            'register_buffer("position", torch.zeros((), dtype=torch.int64))',
            'register_buffer("position", torch.zeros((), dtype=torch.int64), persistent=False)',
        ),
        (
            "the queue does not start with unit vectors",
            "unit(torch.randn(size, dimension, generator=generator))",
            "torch.randn(size, dimension, generator=generator)",
        ),
        ("unit dropped from the query", "z_1 = unit(self.encoder(view_1))", "z_1 = self.encoder(view_1)"),
        ("unit dropped from the key", "return unit(self.momentum_encoder(view))", "return self.momentum_encoder(view)"),
        ("own view not excluded", "return (batch.index, ids) if self.exclude_own else None", "return None"),
        ("keys not detached", "return key.detach() if self.detach_keys else key", "return key"),
        ("keys always detached", "return key.detach() if self.detach_keys else key", "return key.detach()"),
        ("keys made by the encoder", "unit(self.momentum_encoder(view))", "unit(self.encoder(view))"),
        (
            "gradient to the momentum encoder",
            "            with torch.no_grad():\n                return",
            "            with torch.enable_grad():\n                return",
        ),
        ("momentum encoder trained", ".requires_grad_(False)", ""),
        ("momentum encoder is the encoder", "deepcopy(encoder).requires_grad_(False)", "encoder"),
        ("EMA swapped", "for _, f in pairs], 1 - momentum)", "for _, f in pairs], momentum)"),
        (
            "EMA the wrong way round",
            "_foreach_lerp_([s for s, _ in pairs], [f for _, f in pairs]",
            "_foreach_lerp_([f for _, f in pairs], [s for s, _ in pairs]",
        ),
        (
            "EMA before the keys",
            "        view_1, view_2 = batch.views",
            "        self.momentum_encoder and move_towards(self.momentum_encoder, self.encoder, self.momentum)\n"
            "        view_1, view_2 = batch.views",
        ),
        (
            "symmetric term uses the wrong key",
            "self.contrast(z_2, key_1, batch)",
            "self.contrast(z_2, key_2, batch)",
        ),
        (
            "symmetric term uses the wrong anchor",
            "self.contrast(z_2, key_1, batch)",
            "self.contrast(z_1, key_1, batch)",
        ),
        (
            "symmetric terms summed, not averaged",
            "self.contrast(z_2, key_1, batch)[0]) / 2",
            "self.contrast(z_2, key_1, batch)[0])",
        ),
        ("the newest keys not skipped", "torch.arange(skip + 1, skip + count + 1,", "torch.arange(1, count + 1,"),
        ("the newest keys are the oldest", "(self.position - ages)", "(self.position + ages)"),
        (
            "own older keys stay",
            "return (batch.index, ids) if self.exclude_own",
            "return (batch.index + 1, ids) if self.exclude_own",
        ),
        ("images of keys not kept", "self.index[slots[-size:]] = index[-size:]", "pass"),
        (
            "the second dictionary is the first",
            "self.queue.newest(0, self.queue_size_inter)",
            "self.queue.newest(self.skipped(batch), self.queue_size)",
        ),
        ("the weights' anchor is not detached", "Against(anchor.detach(), keys", "Against(anchor, keys"),
        ("symmetric ignored", "        if self.symmetric:", "        if False:"),
        (
            "watched positive keeps the graph",
            '"positive": positive.detach(), "negatives": detach(negatives)}',
            '"positive": positive, "negatives": detach(negatives)}',
        ),
        (
            "loss summed, not averaged",
            "self.loss(positive, negatives).mean()",
            "self.loss(positive, negatives).sum()",
        ),
        (
            "mixed keys entering the queue",
            "return transform(query, key, keys, batch.generator)",
            "seen = transform(query, key, keys, batch.generator)\n        keys.copy_(seen.queue)\n        return seen",
        ),
        (
            "the transform's query ignored",
            "self.compare(self.transformed(anchor, key, keys, batch), ids",
            "self.compare(self.transformed(anchor, key, keys, batch)._replace(query=anchor), ids",
        ),
        (
            "the transform's key ignored",
            "self.compare(self.transformed(anchor, key, keys, batch), ids",
            "self.compare(self.transformed(anchor, key, keys, batch)._replace(key=key), ids",
        ),
        (
            "the transform's queue ignored",
            "self.compare(self.transformed(anchor, key, keys, batch), ids",
            "self.compare(self.transformed(anchor, key, keys, batch)._replace(queue=keys), ids",
        ),
        ("synthetic negatives forgotten", "(queued, *own) if own else queued", "queued"),
        (
            "the transform begins too early",
            "batch.epoch >= self.transform_from",
            "batch.epoch + 1 >= self.transform_from",
        ),
        ("a generator of its own", "transform(query, key, keys, batch.generator)", "transform(query, key, keys, None)"),
        (
            "the second term trains through its key",
            "else (unit(self.encoder(view_2)), self.key(view_1))",
            "else (unit(self.encoder(view_2)), z_1)",
        ),
    ),
    *mutants(
        "methods/simclr.py",
        "methods/test_simclr.py",
        ("SimCLR with one view of negatives", "both_views=True", "both_views=False"),
        ("SimCLR one-sided", "symmetric=True", "symmetric=False"),
        ("SimCLR without gradient through keys", "detach_keys=False", "detach_keys=True"),
    ),
    *mutants(
        "methods/simco.py",
        "methods/test_simco.py",
        ("SimCo's default detaches", "detach_keys: bool = False", "detach_keys: bool = True"),
        ("SimCo's option is not connected", "detach_keys=detach_keys", "detach_keys=False"),
    ),
    *mutants(
        "methods/simmoco.py",
        "methods/test_simmoco.py",
        ("SimMoCo with MoCo's momentum", "momentum: Share = 0.99,", "momentum: Share = 0.999,"),
        ("SimMoCo with a queue", "queue_size=0", "queue_size=16"),
    ),
    *mutants(
        "methods/mocov2.py",
        "methods/test_mocov2.py",
        ("MoCo v2's momentum is not connected", "momentum=momentum", "momentum=0.999"),
        ("MoCo v2's queue of another size", "queue_size: Count = 65536", "queue_size: Count = 4096"),
    ),
    *mutants(
        "methods/supervised.py",
        "methods/test_supervised.py",
        ("classes beyond the logits let through", "classes > self.", "classes > 1 + self."),
        ("watched logits keep the graph", '"z_1": z.detach()', '"z_1": z'),
    ),
]
