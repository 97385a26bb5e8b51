"""`python -m anatomy.cli`, as `python -m anatomy`."""

import runpy

if __name__ == "__main__":
    runpy.run_module("anatomy", run_name="__main__")
