"""Records of runs on disk, and tables made of them."""
