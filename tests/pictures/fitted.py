"""What the tests of a fit's picture share: data, and scenes of a model on them."""

import numpy as np

from gradwidgets.calculus.landscape import Landscape
from gradwidgets.calculus.losses import LOSSES
from gradwidgets.calculus.models import model
from gradwidgets.calculus.objective import Objective
from gradwidgets.calculus.observations import observations, slotted
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.training import Data
from gradwidgets.pictures.fit import ARRAYS, Learning, fit_picture
from gradwidgets.pictures.training import Manner
from tests.pictures.computed import untraced

X = np.array([-1.0, 0.0, 0.5, 1.0, 2.0, 3.0])
Y = np.array([-2.0, 0.5, 0.2, 2.5, 3.0, 5.5])
LABELS = np.array([0.0, 0.0, 1.0, 0.0, 1.0, 1.0])
SPAN = (-4.0, 0.0)


class Fitted:
    """A picture, with what it was made of."""

    def __init__(
        self,
        source="w*x + b",
        key="squared",
        *,
        x=X,
        y=None,
        axes=None,
        domain=None,
        method="gradient descent",
        steps=20,
        schedule="constant",
        traced=False,
        **how,
    ):
        self.objective = Objective(model(source), LOSSES[key])
        labels = self.objective.loss.labels
        self.rows = observations(x, (LABELS if labels else Y) if y is None else y)
        self.data = slotted(self.rows, seed=1)
        self.field = Landscape(self.objective, Data(*self.data), domain)
        self.method, self.steps = method, steps
        shown = axes or self.field.variables[:2]
        self.learning = Learning(self.rows, Manner(method, steps, schedule), shown, SPAN, **how)
        make = fit_picture if traced else untraced(fit_picture)
        self.picture = make(self.field, self.learning)

    def values(self, **at):
        """What the controls are at, in their order: what is not told is as it begins."""
        usual = {name: one.usual for name, one in methods[self.method].parameters.items()}
        starts = {"rate": 0.02, **usual}
        known = {one.name: starts.get(one.name, one.start) for one in self.picture.controls}
        assert not at.keys() - known.keys()
        return tuple((known | at).values())

    def scene(self, arrays=None, **at):
        """The picture with controls at these values, and the data as they are or others."""
        named = None if arrays is None else dict(zip(ARRAYS, arrays, strict=True))
        return self.picture.scene(self.values(**at), None, None, named)

    def predict(self, x, *theta):
        """ŷ, or the probability."""
        found = self.objective.model(np.asarray(x, float), *theta)
        return 1 / (1 + np.exp(-found)) if self.objective.loss.labels else found


def without_gaps(points):
    """The stretches of a polyline between its gaps."""
    ends = np.isnan(points).any(axis=1)
    parts = np.split(points, np.flatnonzero(ends))
    return [part[~np.isnan(part).any(axis=1)] for part in parts if len(part)]


def mark(scene, name):
    """A mark by its name."""
    return next(one for one in scene.marks if one.name == name)
