"""Backbones and projectors, and the layers they are built of."""
