"""A kind learned from examples: a text as numbers, a linear model, its training, and its say beside the rules.

Pure: no file, no clock, no database. Nothing of a text can be read back from a model (see `features`).
"""
