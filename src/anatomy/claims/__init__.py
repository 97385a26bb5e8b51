"""The claims, one small file each, found by their names: `<family>/c07_words_that_say_it.py` is `<family>-7`."""

from anatomy.claims.index import all_claims, ids, load, rules

__all__ = ["all_claims", "ids", "load", "rules"]
