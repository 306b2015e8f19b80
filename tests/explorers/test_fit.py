"""The fit explorer: rows, θ and curve by hand and from Python, batches, standardising, files."""

import io

import autograd.numpy as anp
import numpy as np
import pytest
import traitlets
from PIL import Image

import gradwidgets as gw
from gradwidgets import FitExplorer, descend
from gradwidgets.calculus import reference
from gradwidgets.calculus.formula import FormulaError
from gradwidgets.calculus.losses import LOSSES
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.usual import usual_rate
from gradwidgets.explorers.copies import copied
from gradwidgets.explorers.laid import FIRST, MOST_ROWS
from gradwidgets.explorers.models import MODELS
from tests.explorers.face import Face
from tests.explorers.packets import carried
from tests.explorers.views import again, assert_same_view, registered

X, Y = [1.0, 2.0, 3.0, 4.0, 6.0], [2.0, 3.5, 3.0, 6.0, 7.5]
LABELS = [0, 0, 1, 0, 1]
NAN = float("nan")


@pytest.fixture
def explorer():
    return FitExplorer(X, Y, point={"w": 0.5, "b": 2.0}, rate=0.01, steps=30)


@pytest.fixture
def face(explorer):
    """A browser with a view."""
    return Face(explorer)


def rows(explorer):
    """The rows that are there, sorted."""
    return sorted(zip(*(part.tolist() for part in explorer.data), strict=True))


def slot_of(explorer, x):
    """Where the row with this x lies."""
    return int(np.flatnonzero(explorer._slots[0] == x)[0])


def least_squares(explorer, degree=1):
    return np.polyfit(*explorer.data, degree)[::-1]


# ── as it opens ──────────────────────────────────────────────────────────────────────────────────


def test_without_anything_it_shows_a_line_through_a_few_rows():
    explorer = FitExplorer()
    assert rows(explorer) == sorted(zip(*FIRST, strict=True))
    assert explorer.field.text == explorer.formula == MODELS["line"].text
    assert np.isfinite(explorer.scene["minimum"]).all()
    assert explorer.rate == usual_rate(explorer.field, explorer.point, explorer.method)


def test_the_point_is_told_by_name_or_in_the_order_of_the_parameters(explorer):
    assert explorer.field.variables == ("b", "w")
    assert explorer.point == (2.0, 0.5)
    assert FitExplorer(X, Y, point=(2, 0.5)).point == (2.0, 0.5)
    with pytest.raises(ValueError, match="2 coordinates"):
        FitExplorer(X, Y, point=1)


def test_columns_of_a_table_give_their_names():
    class Column:
        def __init__(self, name, values):
            self.name, self.values = name, values

        def __array__(self, dtype=None, copy=None):
            return np.array(self.values, dtype)

    explorer = FitExplorer(Column("year", X), Column("rainfall", Y))
    panel = explorer.scene.panel("data")
    assert (panel.xlabel, panel.ylabel) == ("year", "rainfall")
    explorer.standardise = True
    assert explorer.scene.panel("data").xlabel == "x = (year − 3.20)/1.72"
    (said,) = (text for text in explorer.scene.captions if "mean of" in text)
    assert said.startswith("The model’s x is (year − 3.20)/1.72: 0 is the mean of year, and 1 is")
    explorer = FitExplorer(X, Y, standardise=True)
    assert explorer.scene.panel("data").xlabel == "(x − 3.20)/1.72"


def test_a_dataset_is_data():
    data = gw.datasets["o-rings"]
    explorer = FitExplorer(data["temperature"], data["damage"], loss="logistic")
    assert set(explorer.data[1]) == {0.0, 1.0}
    assert explorer.scene.panel("data").yticks == (0.0, 0.5, 1.0)


def test_rows_without_a_number_are_left_out_and_told():
    explorer = FitExplorer([1, 2, None, 4, 5], [1, NAN, 3, 4, 5])
    assert rows(explorer) == [(1, 1), (4, 4), (5, 5)]
    assert "2 rows without a number were left out." in explorer.scene.captions


REFUSED = {
    "lengths": (lambda: FitExplorer([1, 2, 3], [1, 2]), "x has 3 values and y has 2"),
    "no y": (lambda: FitExplorer([1, 2]), "y is a list of numbers"),
    "no rows": (lambda: FitExplorer([], []), "no data"),
    "none that counts": (lambda: FitExplorer([NAN], [1]), "No row is left"),
    "a table": (lambda: FitExplorer(np.ones((2, 2)), [1, 2]), "take one column"),
    "text": (lambda: FitExplorer("x", "y"), "is the text"),
    "too many rows": (lambda: FitExplorer(range(MOST_ROWS + 1), range(MOST_ROWS + 1)), "at most"),
    "no parameter": (lambda: FitExplorer(X, Y, model="x^2"), "no parameter to learn"),
    "no formula": (lambda: FitExplorer(X, Y, model="w*x +"), "missing"),
    "no value": (lambda: FitExplorer(X, Y, model="log(-1 - w^2)*x"), "no finite value on these"),
    "a control's name": (lambda: FitExplorer(X, Y, model="rate*x"), "rate is a control"),
    "other labels": (lambda: FitExplorer(X, Y, loss="logistic"), "every y is 0 or 1"),
    "no such row": (lambda: FitExplorer(X, Y, row=99), "no row 99: .* the last is 4"),
    "a free slot": (lambda: FitExplorer(X, Y, row=5), "no row 5"),
    "a point outside": (
        lambda: FitExplorer(X, Y, domain={"w": (0, 1), "b": (0, 1)}, point=(5, 0)),
        "outside of the domain",
    ),
}


@pytest.mark.parametrize(("make", "words"), REFUSED.values(), ids=REFUSED)
def test_what_can_t_be_meant_is_refused_in_words_and_leaves_no_widget(make, words):
    before = registered()
    with pytest.raises((ValueError, FormulaError), match=words):
        make()
    assert registered() == before


def test_unknown_options_are_refused_with_the_near_name():
    with pytest.raises(TypeError, match="standardise"):
        FitExplorer(X, Y, standardize=True)


# ── one gesture: no picture, and nothing computed until somebody asks ────────────────────────────

GESTURES = {
    "θ from Python": lambda face: setattr(face.explorer, "point", (1.5, 0.25)),
    "θ dragged": lambda face: face.drag(b=1.5, w=0.25),
    "a row dragged": lambda face: face.tell(edits={"2": [3.5, 1.0, 1.0]}, row=2),
    "a row added": lambda face: face.tell(edits={"5": [0.5, 9.0, 1.0]}, row=5),
    "a row removed": lambda face: face.tell(edits={"1": [0.0, 0.0, 0.0]}),
    "rows from Python": lambda face: setattr(face.explorer, "edits", {"0": [5, 5, 1]}),
    "the batch": lambda face: face.drag(batch=2),
    "penalties": lambda face: face.drag(l2=0.5, l1=0.25),
    "the row looked at": lambda face: face.drag(row=3),
    "the step": lambda face: face.drag(step=7),
    "the rate": lambda face: face.drag(rate=0.02),
    "all at once": lambda face: face.tell(
        edits={"2": [3.5, 1.0, 1.0]}, row=2, point=[1, 1], batch=3, l2=0.1, step=4, rate=0.02
    ),
}


@pytest.mark.parametrize("gesture", GESTURES.values(), ids=GESTURES)
def test_a_gesture_computes_nothing_in_python_until_somebody_asks(
    explorer, face, gesture, computed, presented
):
    assert explorer.scene.captions
    key, before = face.key, explorer._state()
    computed.clear(), presented.clear()
    gesture(face)
    now = explorer._state()
    assert any(now[name] != before[name] for name in now if name != "field")
    assert computed == presented == []
    assert face.agrees()
    seen, scene = face.numbers, explorer.scene
    assert explorer.scene is scene
    assert len(computed) == 1
    assert (face.key, presented) == (key, [])
    for name in scene.numbers:
        found = np.ravel(seen[name])
        np.testing.assert_allclose(found, np.ravel(scene[name]), 1e-12, 1e-12, err_msg=name)


def test_a_row_that_is_moved_moves_the_loss_its_slopes_and_its_minimum(explorer, face):
    slot = slot_of(explorer, 6.0)
    face.tell(edits={str(slot): [5.0, 1.0, 1.0]}, row=slot)
    assert rows(explorer) == sorted([*zip(X[:-1], Y[:-1], strict=True), (5.0, 1.0)])
    x, y = explorer.data
    assert explorer.field.value(explorer.point) == pytest.approx(np.mean((0.5 * x + 2 - y) ** 2))
    np.testing.assert_allclose(explorer.scene["minimum"], least_squares(explorer), 1e-9)
    assert explorer.scene["row"].tolist() == [5.0, 1.0]
    assert explorer.run.values[0] == pytest.approx(explorer.field.value(explorer.point))


def test_rows_are_added_and_removed_by_their_weight(explorer, face):
    gone = slot_of(explorer, 1.0)
    face.tell(edits={str(gone): [1.0, 2.0, 0.0], "5": [0.0, 0.0, 1.0], "9": [9.0, 9.0, 2.0]})
    assert rows(explorer) == [(0, 0), (2, 3.5), (3, 3), (4, 6), (6, 7.5), (9, 9)]
    weights = explorer.field.data.weights
    x, y = explorer.data
    w = weights[weights > 0]
    expected = np.sum(w * (0.5 * x + 2 - y) ** 2) / np.sum(w)
    assert explorer.field.value(explorer.point) == pytest.approx(expected)
    face.tell(edits={})
    assert rows(explorer) == sorted(zip(X, Y, strict=True))


def test_one_row_stays(explorer, face):
    """Without data there is no loss; a browser that asks for that hears why."""
    before = face.captions
    face.tell(edits={str(slot): [0.0, 0.0, 0.0] for slot in range(5)})
    assert "one row stays" in explorer.note
    assert (len(rows(explorer)), face.captions) == (5, before)
    face.tell(edits={str(slot): [0.0, 0.0, 0.0] for slot in range(4)})
    assert len(rows(explorer)) == 1
    assert np.isfinite(explorer.run.values).all()
    face.tell(edits={})
    assert face.captions == before
    assert face.agrees()


BAD_EDITS = {
    "no slot": {"abc": [1, 2, 1]},
    "a slot that is not there": {"24": [1, 2, 1]},
    "a slot before all": {"-1": [1, 2, 1]},
    "too few numbers": {"0": [1, 2]},
    "too many numbers": {"0": [1, 2, 1, 1]},
    "text": {"0": ["a", 2, 1]},
    "nothing": {"0": None},
    "NaN": {"0": [NAN, 2, 1]},
    "infinite": {"0": [1, float("inf"), 1]},
    "a weight below 0": {"0": [1, 2, -1]},
    "an infinite weight": {"0": [1, 2, float("inf")]},
    "one good, one bad": {"0": [1, 2, 1], "99": [1, 2, 1]},
    "a list": [[1, 2, 1]],
    "a number": 5,
}


@pytest.mark.parametrize("bad", BAD_EDITS.values(), ids=BAD_EDITS)
def test_edits_that_are_none_are_refused_and_told(explorer, face, bad):
    face.tell(edits=bad, point=[1.0, 1.0])
    assert explorer.edits == {}
    assert explorer.point == (1.0, 1.0)
    assert face.note != ""
    assert face.agrees()
    with pytest.raises(traitlets.TraitError):
        explorer.edits = bad
    assert rows(explorer) == sorted(zip(X, Y, strict=True))


@pytest.mark.parametrize("bad", [-1, 1.5, NAN, None, "x", [1], True, 10**30])
def test_a_row_or_a_batch_that_is_none_is_refused(explorer, face, bad):
    for name in ("row", "batch", "step"):
        face.tell(**{name: bad})
    assert (explorer.row, explorer.step) in ((0, 0), (1, 1), (4, 30))  # a whole one, or the last
    assert explorer.scene.captions
    assert face.agrees()


def test_the_row_that_is_looked_at_is_a_row(explorer, face):
    """On a free slot the sentences about a row would vanish without a word."""
    explorer.row = 99
    assert explorer.row == 4
    said = [text for text in explorer.scene.captions if "is a sum over 5 rows" in text]
    assert len(said) == 2
    face.tell(edits={"7": [0.5, 9.0, 1.0]}, row=7)
    assert explorer.row == 7
    assert "(0.500, 9.00)" in "".join(explorer.scene.captions)
    explorer.edits = {}
    assert explorer.row == 4
    assert face.agrees()


def test_more_edits_than_there_is_room_for_are_refused(explorer, face):
    room = len(explorer._slots[0])
    face.tell(edits={str(k): [1.0, 1.0, 1.0] for k in range(room)})
    assert len(explorer.data[0]) == room
    face.tell(edits={str(k): [1.0, 1.0, 1.0] for k in range(room + 1)})
    assert len(explorer.data[0]) == room
    assert "rows 0 to" in face.note
    assert face.agrees()


# ── the search ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", methods)
def test_with_all_rows_the_run_is_gw_descend_s(method):
    explorer = FitExplorer(X, Y, method=method, steps=20, l2=0.1)
    field = gw.ScalarField(
        explorer.field.objective.field(*explorer.field.data), variables=("b", "w")
    )
    other = descend(field, explorer.point, explorer.rate, 20, method)
    np.testing.assert_allclose(explorer.run.points, other.points, 1e-8, 1e-10)
    count = len(other.points)
    np.testing.assert_allclose(explorer.scene["path"][:count], other.points, 1e-8, 1e-10)


@pytest.mark.parametrize(("batch", "seed"), [(1, 0), (2, 0), (2, 7), (3, 1), (0, 4)])
def test_mini_batches_are_a_loop_of_ten_lines_on_the_data(batch, seed):
    explorer = FitExplorer(X, Y, point=(2, 0.5), rate=0.01, steps=30, batch=batch, seed=seed)
    x, y = explorer.data
    b, w = explorer.point
    size = batch or len(x)
    points = [(b, w)]
    for t in range(30):
        now = [(t * size + j) % len(x) for j in range(size)]
        r = w * x[now] + b - y[now]
        b, w = b - 0.01 * 2 * np.mean(r), w - 0.01 * 2 * np.mean(r * x[now])
        points.append((b, w))
    np.testing.assert_allclose(explorer.run.points, points, 1e-11)
    np.testing.assert_allclose(explorer.scene["path"], points, 1e-11)
    twin = FitExplorer(X, Y, point=(2, 0.5), rate=0.01, steps=30, batch=batch, seed=seed)
    assert explorer.run.points.tolist() == twin.run.points.tolist()


def test_another_seed_is_another_order_of_the_same_rows(explorer):
    first, path = explorer.data[0].tolist(), explorer.scene["path"]
    explorer.seed = 3
    assert explorer.data[0].tolist() != first
    assert sorted(explorer.data[0]) == sorted(first)
    np.testing.assert_allclose(explorer.scene["path"], path, 1e-9)  # each step sees all rows
    explorer.batch = 2
    assert np.abs(explorer.scene["path"] - path).max() > 1e-3


def test_a_seed_takes_what_a_hand_has_changed_with_its_row(explorer, face):
    moved, gone = slot_of(explorer, 6.0), slot_of(explorer, 2.0)
    face.tell(edits={str(moved): [5.0, 1.0, 1.0], str(gone): [2.0, 3.5, 0.0], "8": [7.0, 7.0, 1.0]})
    before = rows(explorer)
    for seed in (1, 2, 99, 0):
        explorer.seed = seed
        assert rows(explorer) == before
        assert face.agrees()
    assert explorer.edits.keys() == {str(moved), str(gone), "8"}  # the order of the beginning


def test_a_batch_of_all_stays_one_when_a_row_is_added(explorer, face):
    assert face.values["batch"] == 5
    face.drag(batch=2)
    assert explorer.batch == 2
    face.drag(batch=5)
    assert explorer.batch == 0
    face.tell(edits={"5": [9.0, 9.0, 1.0]})
    assert "Each step looks at all 6 rows." in face.captions


def test_a_batch_has_at_most_as_many_rows_as_there_are(explorer, face):
    slider = explorer.slider("batch")
    assert (slider.max, slider.value) == (5, 5)
    face.tell(edits={"5": [9.0, 9.0, 1.0], "6": [8.0, 8.0, 1.0]})
    assert (face.control("batch")["high"], slider.max, slider.value) == (7, 7, 7)
    face.drag(batch=6)
    assert "Each step looks at 6 of 7 rows, in turn: 1.17 steps are an epoch." in face.captions
    assert (explorer.batch, slider.value) == (6, 6)
    face.tell(edits={str(slot): [0.0, 0.0, 0.0] for slot in range(4)})
    assert (face.control("batch")["high"], slider.max, slider.value) == (1, 1, 1)
    assert "Each step looks at the only row." in face.captions
    assert face.agrees()
    slider.value = 1
    face.tell(edits={})
    assert (slider.max, slider.value, explorer.batch) == (5, 5, 6)
    slider.value = 4
    assert explorer.batch == 4
    slider.value = 5
    assert explorer.batch == 0  # all of them


def refusing(error, where):
    """A model that raises an error wherever b is so."""

    def model(x, w, b):
        if where(b):
            raise error("out of reach")
        return w * x + b

    return model


@pytest.mark.parametrize("error", [ZeroDivisionError, OverflowError, FloatingPointError])
@pytest.mark.parametrize("loss", ["squared", "logistic"])
def test_a_model_that_raises_where_the_search_for_a_start_comes_opens(error, loss):
    y = Y if loss == "squared" else [0, 0, 1, 0, 1]
    explorer = FitExplorer(X, y, model=refusing(error, lambda b: b == 0), loss=loss)
    assert np.isfinite(explorer.field.value(explorer.point))
    assert "undefined" not in explorer.scene.captions[0]
    explorer.point = (1.0, 0.0)
    assert "undefined, slope undefined" in explorer.scene.captions[0]
    explorer.close()


def test_a_search_that_comes_to_where_the_model_raises_says_so():
    model = refusing(OverflowError, lambda b: b < 1)
    explorer = FitExplorer([1, 2, 3, 4], [1, 2, 3, 5], model=model, point=(0.0, 2.0), rate=0.05)
    last = len(explorer.run.points) - 1
    assert 0 < last < explorer.steps
    said = f"At step {last} the search came to where the model has no finite value."
    assert said in explorer.scene.captions
    explorer.close()


def test_a_model_that_raises_everywhere_is_refused_in_words():
    with pytest.raises(ValueError, match="has no finite value on these data"):
        FitExplorer(X, Y, model=refusing(ZeroDivisionError, lambda b: True))


# ── losses ───────────────────────────────────────────────────────────────────────────────────────


def test_logistic_loss_is_refused_for_other_labels_and_all_stays(explorer, face):
    before = face.captions
    face.tell(loss="logistic")
    assert "every y is 0 or 1" in face.note
    assert (explorer.loss, face.captions) == ("squared", before)
    assert face.agrees()
    with pytest.raises(ValueError, match="every y is 0 or 1"):
        explorer.loss = "logistic"


def test_rows_that_are_no_labels_are_refused_where_labels_are_needed():
    explorer = FitExplorer(X, LABELS, loss="logistic")
    face = Face(explorer)
    face.tell(edits={"0": [1.0, 0.5, 1.0]})
    assert set(explorer.data[1]) == {0.0, 1.0}
    assert "every y is 0 or 1" in face.note
    assert face.agrees()


def test_loss_and_rows_may_change_together_in_any_order():
    explorer = FitExplorer(X, LABELS, loss="logistic")
    face = Face(explorer)
    half, whole = {"0": [1.0, 0.5, 1.0]}, {"0": [1.0, 1.0, 1.0]}
    face.tell(edits=half, loss="squared")
    assert (explorer.loss, explorer.edits) == ("squared", half)
    face.tell(loss="logistic", edits=whole)
    assert (explorer.loss, explorer.edits) == ("logistic", whole)
    face.tell(loss="squared", edits=half)
    face.reset()
    assert (explorer.loss, explorer.edits, face.note) == ("logistic", {}, "")
    assert face.agrees()


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_has_its_title_its_slopes_and_its_rate(loss):
    explorer = FitExplorer(X, LABELS, loss=loss, steps=10)
    assert LOSSES[loss].title in explorer.scene.captions[0]
    assert explorer.rate == usual_rate(explorer.field, explorer.point, explorer.method)
    assert explorer.run.values[-1] < explorer.run.values[0]
    has_delta = any(control.name == "delta" for control in explorer._shown.controls)
    assert has_delta is (loss == "huber")


def test_a_loss_for_labels_and_back_is_shown_where_it_makes_sense():
    explorer = FitExplorer(X, LABELS)
    face = Face(explorer)
    for loss in ("logistic", "huber", "logistic", "squared"):
        face.set("loss", loss)
        assert explorer.loss == loss
        assert all(
            low <= t <= high
            for t, (low, high) in zip(explorer.point, explorer.domain.values(), strict=True)
        )
        assert face.agrees()


def test_delta_is_live():
    explorer = FitExplorer(X, Y, loss="huber")
    face = Face(explorer)
    key = face.key
    face.drag(delta=0.25)
    assert explorer.delta == 0.25
    b, w = explorer.point
    r = np.abs(w * explorer.data[0] + b - explorer.data[1])
    expected = np.mean(np.where(r <= 0.25, r**2 / 2, 0.25 * (r - 0.125)))
    assert explorer.field.value(explorer.point) == pytest.approx(expected)
    assert face.key == key


# ── standardising ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("model", ["w*x + b", "a*x^2 + b*x + c"])
def test_standardised_the_curve_of_a_linear_model_stays(model):
    explorer = FitExplorer(X, Y, model=model)
    face = Face(explorer)
    x, y = explorer.data
    before = explorer.field.objective.model(x, *explorer.point)
    theta = explorer.point
    face.set("standardise", True)
    z = explorer.data[0]
    assert (np.mean(z), np.std(z)) == pytest.approx((0.0, 1.0))
    np.testing.assert_allclose(z, (x - np.mean(x)) / np.std(x), 1e-12, 1e-12)
    np.testing.assert_array_equal(explorer.data[1], y)
    after = explorer.field.objective.model(z, *explorer.point)
    np.testing.assert_allclose(after, before, 1e-9, 1e-9)
    face.set("standardise", False)
    np.testing.assert_allclose(explorer.point, theta, 1e-9, 1e-9)
    np.testing.assert_allclose(explorer.data[0], x)
    assert face.agrees()


def test_standardised_what_a_hand_has_changed_goes_along(explorer, face):
    moved = slot_of(explorer, 6.0)
    face.tell(edits={str(moved): [5.0, 1.0, 1.0], "7": [0.0, 2.0, 1.0]})
    before = rows(explorer)
    face.set("standardise", True)
    centre, spread = np.mean(X), np.std(X)
    expected = [((x - centre) / spread, y) for x, y in before]
    np.testing.assert_allclose(rows(explorer), expected, 1e-12, 1e-12)
    face.set("standardise", False)
    np.testing.assert_allclose(rows(explorer), before, 1e-12, 1e-12)
    assert face.agrees()


def test_standardised_years_have_no_ravine():
    explorer = FitExplorer(np.arange(1960, 2020), 300 + 1.5 * np.arange(60.0))
    raw = np.linalg.cond(explorer.field.hessian(explorer.point))
    explorer.standardise = True
    assert np.linalg.cond(explorer.field.hessian(explorer.point)) < 1 + 1e-6 < 1e8 < raw
    assert explorer.run.values[-1] == pytest.approx(0.0, abs=1e-6)


# ── models ───────────────────────────────────────────────────────────────────────────────────────

SOURCES = {
    "one parameter": ("w*x", 1),
    "two": ("a*exp(k*x)", 2),
    "three": ("a*x^2 + b*x + c", 3),
    "four": ("a*sin(x) + b*x + c + d*x^2", 4),
    "a callable": (lambda x, w, b: anp.tanh(w * x) + b, 2),
    "of three": (lambda x, u, v, w: u + v * x + w * anp.sqrt(x), 3),
}


@pytest.mark.parametrize(("source", "count"), SOURCES.values(), ids=SOURCES)
def test_models_of_one_to_four_parameters_are_live(source, count):
    explorer = FitExplorer(X, Y, model=source, steps=5)
    face = Face(explorer)
    assert len(explorer.point) == count
    assert explorer.field.traced
    assert ("map" if count > 1 else "curve") in {panel.name for panel in explorer.scene.panels}
    first = explorer.field.variables[0]
    low, high = explorer.domain[first]
    face.drag(**{first: low + 0.3 * (high - low)})
    assert (
        face.captions == explorer.scene.captions or face.captions[0] == explorer.scene.captions[0]
    )
    assert face.agrees()


def test_two_of_more_parameters_are_chosen_for_the_map():
    explorer = FitExplorer(X, Y, model="parabola", axes=("c", "a"))
    assert explorer.scene["start"].tolist() == [explorer.point[2], explorer.point[0]]
    face = Face(explorer)
    face.set("across", "b")
    assert explorer.axes == ("b", "a")
    assert face.agrees()


def branching(x, w, b):
    return w * x + b if w > 0 else 2 * w * x - b


def test_a_model_that_branches_is_python_s_and_stays_right():
    explorer = FitExplorer(X, Y, model=branching, point=(-0.5, 1.0), steps=5)
    face = Face(explorer)
    assert "decides by values" in explorer.field.traced.why
    assert not face.seen["_program"]
    x, y = explorer.data
    for w, b in ((-0.5, 1.0), (0.75, -1.0)):
        face.drag(w=w, b=b)
        prediction = branching(x, w, b)
        assert explorer.field.value(explorer.point) == pytest.approx(np.mean((prediction - y) ** 2))
        np.testing.assert_allclose(face.numbers["start"].ravel(), [w, b])
        curve = explorer.scene["curve"]
        ends = explorer.scene.panel("data").x
        np.testing.assert_allclose(curve[[0, -1]], branching(np.array(ends), w, b))
        face.tell(edits={"0": [x[0], y[0], 1.0]})
        np.testing.assert_allclose(face.numbers["path"].reshape(-1, 2)[:6], explorer.run.points)
        assert face.agrees()
    slot = slot_of(explorer, 6.0)
    face.tell(edits={str(slot): [5.0, 1.0, 1.0]})
    assert face.numbers["rows"].reshape(-1, 2)[slot].tolist() == [5.0, 1.0]


def test_a_page_of_a_model_that_branches_stands_still_and_says_why():
    explorer = FitExplorer(X, Y, model=branching, steps=2)
    with pytest.warns(UserWarning, match="stands still"):
        html = explorer.to_html()
    assert "decides by values" in html
    assert "data:image/png" in html


def test_formulas_typed_in_the_box(explorer, face):
    for text, parameters in (("w*x", ("w",)), ("a*exp(k*x)", ("a", "k")), ("w*x + b", ("b", "w"))):
        face.type(text)
        assert (explorer.field.variables, explorer.formula, face.text) == (parameters, text, text)
        assert rows(explorer) == sorted(zip(X, Y, strict=True))
        assert face.message == ""
        assert face.agrees()


@pytest.mark.parametrize(
    "text",
    ["w*x +", "x", "log(-1 - w^2)*x", "a*b*c*d*f*g*h*x", "rate*x", "w*x + f(3)", "", "x*\0w"],
)
def test_a_refused_model_keeps_the_last_picture(explorer, face, text, presented):
    before, key = face.captions, face.key
    presented.clear()
    face.type(text)
    assert face.message != ""
    assert (explorer.field.text, face.captions, face.key) == ("w*x + b", before, key)
    assert presented == []
    assert face.agrees()
    face.drag(w=0.25)
    assert explorer.point == (2.0, 0.25)


def test_a_typed_model_of_the_same_parameters_keeps_theta_and_domain(explorer, face):
    domain = explorer.domain
    face.type("b + w*x^2/10")
    assert (explorer.point, explorer.domain) == ((2.0, 0.5), domain)


@pytest.mark.parametrize("key", MODELS)
def test_every_model_of_the_menu(explorer, face, key):
    face.choose(key)
    assert explorer.formula == face.text == MODELS[key].text
    assert face.shown == key
    assert rows(explorer) == sorted(zip(X, Y, strict=True))
    assert np.isfinite(explorer.field.gradient(explorer.point)).all()
    assert face.agrees()


# ── window, reset, company ───────────────────────────────────────────────────────────────────────


def test_a_window_shows_another_part_and_keeps_theta(explorer, face):
    face.window(w=(0, 1), b=(1, 4))
    assert explorer.domain == {"b": (1.0, 4.0), "w": (0.0, 1.0)}
    assert explorer.point == (2.0, 0.5)
    panel = explorer.scene.panel("map")
    assert {panel.x, panel.y} == {(0.0, 1.0), (1.0, 4.0)}
    face.tell(edits={"0": [1.0, 9.0, 1.0]})
    assert explorer.domain == {"b": (1.0, 4.0), "w": (0.0, 1.0)}
    assert face.agrees()


def test_reset_brings_all_back_as_it_was_opened(explorer, face):
    captions, domain = face.captions, explorer.domain
    face.tell(edits={"0": [9.0, 9.0, 1.0]}, row=3, batch=2, l2=0.3, step=4, point=[0.0, 1.0])
    face.set("standardise", True)
    face.set("loss", "huber")
    face.reset()
    assert (explorer.edits, explorer.loss, explorer.standardise) == ({}, "squared", False)
    assert (explorer.point, explorer.rate, explorer.domain) == ((2.0, 0.5), 0.01, domain)
    assert face.captions == captions
    assert face.agrees()


def test_reset_after_another_model_keeps_that_and_brings_the_data_back(explorer, face):
    face.tell(edits={"0": [9.0, 9.0, 1.0]})
    face.type("a*exp(k*x)")
    face.tell(edits={"1": [9.0, 9.0, 1.0]}, step=5)
    face.reset()
    assert (explorer.field.text, face.text) == ("a*exp(k*x)", "a*exp(k*x)")
    assert rows(explorer) == sorted(zip(X, Y, strict=True))
    assert explorer.step == 0
    assert face.agrees()


# ── code, files, tape ────────────────────────────────────────────────────────────────────────────

VIEWS = {
    "as it opens": lambda: FitExplorer(),
    "data": lambda: FitExplorer(X, Y, point=(1, 0.3), rate=0.02),
    "one parameter": lambda: FitExplorer(X, Y, model="w*x"),
    "three parameters": lambda: FitExplorer(X, Y, model="parabola", axes=("c", "a")),
    "labels": lambda: FitExplorer(X, LABELS, loss="logistic", l2=0.25),
    "batches": lambda: FitExplorer(X, Y, batch=2, seed=3, step=4, method="adam", schedule="1/t"),
    "huber": lambda: FitExplorer(X, Y, loss="huber", delta=0.3, squares=False),
    "standardised": lambda: FitExplorer(X, Y, standardise=True, point=(1, 2)),
    "edited": lambda: FitExplorer(X, Y, edits={"0": [3.0, 9.0, 1.0], "6": [1.0, 1.0, 1.0]}, row=6),
    "its own domain": lambda: FitExplorer(X, Y, domain={"w": (-9, 9)}),
    "a data set": lambda: FitExplorer(gw.datasets["co2"]["year"], gw.datasets["co2"]["co2"]),
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_the_code_makes_the_same_view(view):
    explorer = view()
    names = {}
    if "your" in explorer.code():
        names = dict(zip("xy", (gw.datasets["co2"][n] for n in ("year", "co2")), strict=True))
    assert_same_view(explorer, again(explorer, **names))


@pytest.mark.parametrize("gesture", GESTURES.values(), ids=GESTURES)
def test_the_code_makes_the_same_view_after_a_gesture(face, explorer, gesture):
    gesture(face)
    assert_same_view(explorer, again(explorer))


def test_the_code_makes_the_same_view_after_standardising_moved_rows(face, explorer):
    face.tell(edits={"0": [9.0, 9.0, 1.0], "7": [2.0, 2.0, 1.0]})
    face.set("standardise", True)
    other = again(explorer)
    assert (other.code(), other.domain) == (explorer.code(), explorer.domain)
    for name in ("rows", "curve", "minimum", "path", "loss"):
        np.testing.assert_allclose(other.scene[name], explorer.scene[name], 1e-9, 1e-9)


def test_a_lambda_stands_in_the_code_as_it_was_written():
    explorer = FitExplorer(X, Y, model=lambda x, w: anp.tanh(w * x))
    assert "model=lambda x, w: anp.tanh(w * x)" in explorer.code()
    other = again(explorer, anp=anp)
    assert (other.point, other.domain) == (explorer.point, explorer.domain)
    np.testing.assert_allclose(other.scene["curve"], explorer.scene["curve"], 1e-14)


def test_the_code_of_many_rows_names_them():
    x = np.linspace(0, 1, 50)
    code = FitExplorer(x, x).code()
    assert "gw.FitExplorer(x, y, " in code
    assert "your 50 rows" in code


def test_it_is_saved_as_a_picture_a_page_and_a_module(tmp_path):
    explorer = FitExplorer(X, Y, model="w*x", steps=2)
    for name in ("fit.png", "fit.html", "fit.mjs"):
        explorer.save(tmp_path / name)
    with Image.open(io.BytesIO((tmp_path / "fit.png").read_bytes())) as image:
        assert min(image.size) > 300
    assert "gw-alone" in (tmp_path / "fit.html").read_text("utf-8")
    assert "export" in (tmp_path / "fit.mjs").read_text("utf-8")


def test_a_page_carries_the_rows_and_what_a_hand_has_changed(explorer):
    explorer.edits = {"0": [3.0, 9.0, 1.0]}
    state = carried(explorer)
    slots = np.frombuffer(state["traits"]["_rows"], "<f8").reshape(3, -1)
    np.testing.assert_array_equal(slots, np.stack(explorer._slots))
    assert state["traits"]["edits"] == {"0": [3.0, 9.0, 1.0]}
    assert state["traits"]["_picture"]["arrays"] == ["rows x", "rows y", "rows weight"]
    assert "logistic" not in state["choices"]["loss"]  # these y are no labels
    assert {"absolute", "huber"} <= set(state["choices"]["loss"])


def test_a_figure_has_the_rows_the_curve_and_level_curves(explorer):
    explorer.edits = {str(slot_of(explorer, 6.0)): [5.0, 1.0, 1.0]}
    figure = explorer.figure()
    titles = [axes.get_title() for axes in figure.axes]
    assert any("squared" in title for title in titles)
    assert len(figure.axes) == 4
    assert any(axes.collections for axes in figure.axes)


def test_the_loss_is_a_tape(explorer):
    tape = explorer.tape()
    theta = dict(zip(explorer.field.variables, explorer.point, strict=True))
    assert {name: tape.field.start.get(name, theta[name]) for name in theta} == theta
    assert tape.field.value(tape.point) == pytest.approx(explorer.field.value(explorer.point))
    place = dict(zip(tape.field.variables, tape.field.gradient(tape.point), strict=True))
    slopes = dict(
        zip(explorer.field.variables, explorer.field.gradient(explorer.point), strict=True)
    )
    assert {name: place[name] for name in slopes} == pytest.approx(slopes)
    tape.close()


def test_a_tape_of_edited_rows_and_penalties_is_that_of_the_loss_shown():
    explorer = FitExplorer(X[:4], Y[:4], l2=0.3, edits={"0": [3.0, 9.0, 1.0]})
    tape = explorer.tape()
    assert tape.field.value(tape.point) == pytest.approx(explorer.field.value(explorer.point))
    with pytest.raises(ValueError, match="typed as a formula"):
        FitExplorer(X, Y, model=lambda x, w: w * x).tape()


# ── many rows ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("count", [5000, 6000])
def test_thousands_of_rows_and_the_numbers_of_all(count):
    draw = np.random.default_rng(1)
    x = draw.uniform(-1, 1, count)
    y = 2 * x + draw.standard_normal(count)
    explorer = FitExplorer(x, y, steps=5)
    face = Face(explorer)
    sample = "The picture shows a sample of the rows; the numbers are those of all rows."
    lines = "Grey lines show how far 400 of the rows are off."
    told = [one for one in explorer.scene.captions if one in (sample, lines)]
    assert told == [sample if count > 5000 else lines]
    b, w = explorer.point
    assert explorer.field.value(explorer.point) == pytest.approx(np.mean((w * x + b - y) ** 2))
    np.testing.assert_allclose(explorer.scene["minimum"], least_squares(explorer), 1e-7, 1e-9)
    assert np.isfinite(explorer.scene["rows"][:, 0]).sum() == 5000
    face.tell(edits={"17": [0.5, 90.0, 1.0]}, row=17)
    np.testing.assert_allclose(explorer.scene["minimum"], least_squares(explorer), 1e-7, 1e-9)
    assert face.agrees()


# ── the end ──────────────────────────────────────────────────────────────────────────────────────


def test_closing_leaves_no_widget():
    before = registered()
    explorer = FitExplorer(X, Y)
    explorer.edits = {"0": [1.0, 1.0, 1.0]}
    explorer.figure()
    explorer.close()
    assert registered() == before


def test_a_refused_order_leaves_the_rows_in_theirs():
    explorer = gw.FitExplorer([1, 2, 3, 4], [1, 3, 2, 5])
    before, (x, _) = explorer.scene.captions, explorer.data
    with pytest.raises(ValueError, match="labels"), explorer._life.together():
        explorer.seed, explorer.loss = 5, "logistic"
    assert (explorer.seed, explorer.loss, explorer.scene.captions) == (0, "squared", before)
    explorer.edits = {"0": [0.0, 9.0, 1.0]}
    assert explorer.data[0].tolist() == [0.0, *x[1:].tolist()]
    explorer.close()


def test_a_page_s_pictures_share_what_is_known_of_a_loss(monkeypatch):
    """The minimum below is looked for once for each loss, not once for each picture."""
    explorer = FitExplorer(X, Y, model="a + b*x + c*x^2 + d*x^3")
    asked, find = [], reference.reference_at
    monkeypatch.setattr(
        reference, "reference_at", lambda *given: asked.append(given) or find(*given)
    )
    choices = carried(explorer)["choices"]
    assert sum(map(len, choices.values())) > 15
    assert len(asked) <= len({"squared", "absolute", "huber", "x standardised"})


def test_the_copies_of_a_page_have_the_same_loss_as_an_object():
    explorer = FitExplorer(X, Y, loss="huber", l2=0.5, edits={"1": [1, 2, 1]}, seed=3)
    with copied(explorer) as first, copied(first) as second:
        assert second.field is first.field is explorer.field
        second.edits = {}
        assert second.field is not first.field
        second.loss = "absolute"
        assert second.field.objective.loss is LOSSES["absolute"]
        assert first.field.objective.loss is LOSSES["huber"]


def test_a_formula_that_may_not_be_meant_is_taken_with_a_word():
    explorer = FitExplorer(X, Y, model="w*X + b")
    (said,) = (text for text in explorer.scene.captions if "X is a parameter" in text)
    assert said.startswith("x does not occur in the model")
    assert explorer.note == said
    explorer.point = (1.0, 1.0, 1.0)
    assert explorer.note == ""
    explorer.formula = "b"
    assert explorer.note == "x does not occur in the model: it predicts the same for every row."
    explorer.model = "w*x + b"
    assert explorer.note == ""
    assert not any("does not occur" in text for text in explorer.scene.captions)
