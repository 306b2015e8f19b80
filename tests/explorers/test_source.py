"""A function may be given as text, callable, field, or example by name: everywhere alike."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gradwidgets as gw
from gradwidgets.calculus.programs import TAPE_EXAMPLES
from gradwidgets.explorers.start import usual_start
from tests.explorers.face import Face

KINDS = [  # a fit's names are those of models
    getattr(gw, name) for name in gw.__all__ if name.endswith("Explorer") and name != "FitExplorer"
]
every = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
MOST = {gw.DerivativeExplorer: 1, gw.GradientExplorer: 2}
SUITING = {
    kind: [key for key, one in gw.catalog.items() if len(one.variables) <= MOST.get(kind, 3)]
    for kind in KINDS
}


def place(explorer):
    """What an example tells: text, start and domain of its own variables."""
    named = dict(zip(explorer.field.variables, explorer.point, strict=True))
    formula = explorer.program.text if hasattr(explorer, "program") else explorer.field.text
    return formula, named, explorer.domain


def told(example):
    return example.text, dict(zip(example.variables, example.start, strict=True)), example.domain


def holds(shown, wanted):
    """Whether what is shown is what is wanted; variables that help out may stand beside."""
    return shown[0] == wanted[0] and all(
        part.items() <= whole.items() for part, whole in zip(wanted[1:], shown[1:], strict=True)
    )


# ── the catalogue ────────────────────────────────────────────────────────────────────────────────


@every
@settings(max_examples=2)
@given(data=st.data())
def test_a_name_of_the_catalogue_opens_its_example(kind, data):
    key = data.draw(st.sampled_from(SUITING[kind]))
    example = gw.catalog[key]
    spelled = data.draw(st.sampled_from([key, key.title(), f" {key.replace('-', ' ')} ", example]))
    explorer = kind(spelled)
    assert holds(place(explorer), told(example))
    explorer.close()


@every
def test_a_name_is_understood_later_too(kind):
    one_variable = kind is gw.DerivativeExplorer
    explorer = kind("x**2" if one_variable else "x*y", point=0.5 if one_variable else (0.5, 0.25))
    for source in ("cubic", gw.catalog["bell"]) if one_variable else ("Booth", gw.catalog["peaks"]):
        explorer.field = source
        example = gw.catalog[source.lower()] if isinstance(source, str) else source
        assert holds(place(explorer), told(example))
    shown = explorer.code()
    with pytest.raises(gw.FormulaError, match="“himelblau”: did you mean “himmelblau”"):
        explorer.field = "himelblau"
    assert explorer.code() == shown


def test_what_is_typed_into_the_box_is_understood():
    explorer = gw.GradientExplorer("x*y")
    face = Face(explorer)
    face.type("himmelblau")
    assert place(explorer) == told(gw.catalog["himmelblau"])
    assert face.text == gw.catalog["himmelblau"].text
    assert face.shown == "himmelblau"


def test_another_domain_leaves_the_point_where_it_is():
    explorer = gw.GradientExplorer("himmelblau")
    explorer.point = (1, 2)
    explorer.domain = {"x": (-4, 4)}
    assert explorer.point == (1, 2)


def test_a_wish_of_ones_own_comes_first():
    explorer = gw.GradientExplorer("himmelblau", point=(1, 2), domain={"x": (-2, 6)})
    assert (explorer.point, explorer.domain) == ((1, 2), {"x": (-2, 6), "y": (-5, 5)})
    away = gw.GradientExplorer("himmelblau", domain={"x": (1, 4)})
    assert away.point[0] == pytest.approx(3, abs=0.1)  # where the telling start is not to be seen


def test_linked_explorers_share_an_example():
    one, other = gw.GradientExplorer("x*y"), gw.DescentExplorer("x + y")
    together = gw.link(one, other)
    other.field = "rosenbrock"
    assert place(one) == place(other) == told(gw.catalog["rosenbrock"])
    together.unlink()


def test_fields_and_searches_know_the_names():
    f = gw.ScalarField("Himmelblau")
    assert (f.text, f.variables) == (gw.catalog["himmelblau"].text, ("x", "y"))
    assert gw.ScalarField(gw.catalog["bowl"], {"x": (0, 1)}).domain == {"x": (0, 1), "y": (-3, 3)}
    assert gw.descend("himmelblau", (0, 0), 0.01).points[-1] == pytest.approx((3, 2), abs=1e-3)


def test_an_example_of_ones_own_is_one():
    mine = gw.Example("Mine", "u*v", ((-1, 1), (0, 4)), (0.5, 3.0), "Look.", variables=("u", "v"))
    assert place(gw.PartialsExplorer(mine)) == told(mine)


@pytest.mark.parametrize(
    "text", ["x", "rate", "a_b", "w1", "ramp + x", "2*wave", "x - y", "hill*x", "value", "theta"]
)
def test_what_is_a_formula_stays_one(text):
    assert gw.ScalarField(text).start == {}


def test_a_variable_may_have_an_examples_name_where_it_is_asked_for():
    assert gw.ScalarField("ramp", variables=("ramp",)).value(2) == 2


@settings(max_examples=60)
@given(st.sampled_from([key for key in gw.catalog if len(key) > 5]), st.data())
def test_a_slip_of_the_finger_is_told(key, data):
    at = data.draw(st.integers(0, len(key) - 1))
    letter = data.draw(st.sampled_from("aeiosz"))
    slip = data.draw(st.sampled_from([key[:at] + key[at + 1 :], key[:at] + letter + key[at:]]))
    assert hint(slip) == f"There is no example “{slip}”" or gw.ScalarField(slip).start


def hint(text):
    try:
        gw.ScalarField(text)
    except gw.FormulaError as error:
        return str(error).partition(": did you mean ")[0]
    return ""


# ── where to start ───────────────────────────────────────────────────────────────────────────────


def test_the_start_lies_where_f_is_defined():
    field = gw.ScalarField("log(x - 2.5) + y", {"x": (-3, 3)})
    start = usual_start(field)
    assert start[0] > 2.5
    assert field.gradient(start).tolist()[1] == 1


def sum_is_seen(explorer):
    """Both components beyond the point and named, the arrow in the map."""
    scene, panel = explorer.scene, explorer.scene.panel("map")
    tip = scene["gradient"][2:]
    return (
        bool(scene.text("by x label") and scene.text("by y label"))
        and panel.x[0] <= tip[0] <= panel.x[1]
        and panel.y[0] <= tip[1] <= panel.y[1]
    )


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("x**2 + 10*y**2", None),
        ("30*x**2 + y**2", None),
        ("x**3 - 3*x*y**2", None),
        ("1e-9*(x**2 + 10*y**2)", {"x": (0, 1e-7), "y": (0, 1e-7)}),
        ("exp(x*y)", {"x": (-30, 30), "y": (-30, 30)}),
        ("sqrt(x) + y**4", None),
        ("ln(x) - y", None),
    ],
)
def test_a_gradient_begins_where_its_sum_is_seen(text, domain):
    explorer = gw.GradientExplorer(text, domain=domain)
    assert sum_is_seen(explorer)
    explorer.close()


def test_a_start_that_shows_all_is_left_where_it_is_and_none_is_looked_for_in_vain():
    assert usual_start(gw.ScalarField("x*y")) == (1, 1)
    assert usual_start(gw.ScalarField("x**2", variables=("x", "y"))) == (1, 1)
    assert usual_start(gw.ScalarField("x**2 + 10*y**2")) == (1.2, 0.5)


# ── tapes ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", TAPE_EXAMPLES)
def test_a_tape_knows_its_own_names(key):
    example = TAPE_EXAMPLES[key]
    later = gw.TapeExplorer("q = p*r")
    later.field = key.upper()
    for explorer in (gw.TapeExplorer(key), later):
        assert (explorer.program.text, explorer.point) == (example.text, example.start)
        assert (explorer.roles, explorer.sources) == (dict(example.roles), example.sources)
        assert explorer.inner == example.options.get("inner", "")


def energy(w, x, b):
    return (w * x + b) ** 2


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (energy, ("w", "x", "b")),
        (gw.ScalarField(energy, variables=("x", "b", "w")), ("x", "b", "w")),
        (gw.ScalarField("w*x + b", variables=("x", "w", "b")), ("x", "w", "b")),
        ("w*x + b", ("b", "w", "x")),
        (gw.ScalarField("w*x + b"), ("b", "w", "x")),
    ],
)
def test_a_point_has_one_order_everywhere(source, names):
    tape = gw.TapeExplorer(source, point=(1, 2, 3), roles={"b": "constant"})
    field = source if isinstance(source, gw.ScalarField) else gw.ScalarField(source)
    assert tape.field.variables == field.variables == names
    assert tape.values == dict(zip(names, (1, 2, 3), strict=True))
    assert list(Face(tape).values)[:3] == list(names)
    again = eval(tape.code(), {"gw": gw, "energy": energy})
    assert (again.point, again.field.variables) == ((1, 2, 3), names)


def test_a_tape_and_a_map_of_one_callable_share_their_point():
    tape, slices = gw.TapeExplorer(energy), gw.PartialsExplorer(energy)
    together = gw.link(tape, slices)
    tape.point = (1, 2, 3)
    assert slices.point == (1, 2, 3)
    slices.point = (0.5, 1, 2)
    assert tape.values == {"w": 0.5, "x": 1, "b": 2}
    together.unlink()


def test_settings_of_a_tape_follow_an_examples_name_but_not_a_domain():
    explorer = gw.TapeExplorer("line")
    explorer.roles = {**explorer.roles, "w": "constant"}
    explorer.domain = {"x": (-9, 9)}
    assert explorer.roles["w"] == "constant"
    assert explorer.domain["x"] == (-9, 9)


def test_names_of_models_are_understood():
    explorer = gw.FitExplorer([1, 2, 3], [2, 3, 5], model="proportion")
    assert (explorer.formula, explorer.field.variables) == ("w*x", ("w",))
    explorer.model = "parabola"
    assert (explorer.formula, explorer.field.variables) == ("a*x^2 + b*x + c", ("a", "b", "c"))
    explorer.close()
