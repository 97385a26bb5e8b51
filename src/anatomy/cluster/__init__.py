"""One study on many machines: who may work, which run goes where, and what comes back. On Dask (`distributed`).

Nothing outside this room imports Dask, and this room only inside functions: without the extra `cluster` all else works.
"""
