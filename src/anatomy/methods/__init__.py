"""One method a file: an `nn.Module` whose forward reads like the paper's algorithm (the contract is `step.Method`).

A method's positional arguments are given by the trainer: the encoder, the loss, a generator for its own random
numbers. Its keyword-only arguments are its options, with the paper's defaults.
"""
