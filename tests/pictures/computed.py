"""Pictures that are computed as they are, without being traced first."""

from dataclasses import replace
from functools import wraps


def untraced(make):
    """`make`, for tests that ask a picture for a few scenes: those are sooner done than a trace.

    That the traced program tells the same is shown by the tests of what is replayed.
    """

    @wraps(make)
    def made(*args, **options):
        return replace(make(*args, **options), untraced="a few scenes are sooner computed")

    return made
