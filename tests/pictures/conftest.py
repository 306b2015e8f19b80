"""Hypothesis for this folder: no stopwatch, and the same examples on every machine."""

from hypothesis import settings

settings.register_profile("pictures", deadline=None, derandomize=True)
settings.load_profile("pictures")
