"""Tables in, small tables out: no files, no plots, no training."""
