"""The machine that a run is made on: what it has, its precision, its processor."""
