"""The training loop, and what one run needs for it."""
