"""Which run is trained when: worker processes, their limits, and what a run will cost."""
