"""A fuzzer: hostile inputs of every kind, and whether each ends in words, is rightly taken, or shows a fault."""
