"""Normalization layers under study: (channels) -> layer. One file a layer; its name is the string in a parameter."""
