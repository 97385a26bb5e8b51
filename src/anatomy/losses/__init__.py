"""One pure function a file: (positive [N], negatives, *, temperature...) -> loss [N] in nats, not averaged.

A loss is found by its name (`anatomy.runs.parts.load("loss", "info_nce")`): file name = function name = the string in a
parameter, so a new file is a new loss and nothing else is edited.
"""
