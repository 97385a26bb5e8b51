"""The Anatomy of Contrastive Learning: the package behind the book."""
