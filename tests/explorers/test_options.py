"""What explorers tell of their options, in signature, docstring and help; what they refuse."""

import inspect
import pydoc

import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.oinspect import Inspector

import gradwidgets as gw
from gradwidgets.explorers import options
from gradwidgets.explorers.base import Explorer

KINDS = [getattr(gw, name) for name in gw.__all__ if name.endswith("Explorer")]
GIVEN = {
    gw.DerivativeExplorer: {"source": "x**2"},
    gw.FitExplorer: {"x": [1, 2, 3], "y": [2, 3, 5], "model": "w*x + b"},
}
USUAL = {"source": "x**2*y"}
OPTIONS = [(kind, name) for kind in KINDS for name in options.option_traits(kind)]
every = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


@pytest.fixture(scope="module")
def made():
    """One explorer of each kind."""
    return {kind: kind(**GIVEN.get(kind, USUAL)) for kind in KINDS}


# ── signature ────────────────────────────────────────────────────────────────────────────────────


def test_there_are_explorers():
    assert len(KINDS) >= 7
    assert len(OPTIONS) > 50


@every
def test_the_signature_names_every_option(kind):
    told, count = list(inspect.signature(kind).parameters.values()), len(kind.leading)
    assert [one.name for one in told] == [
        *kind.leading, *kind.named, *options.option_traits(kind)
    ]  # fmt: skip
    assert {one.kind for one in told[:count]} == {inspect.Parameter.POSITIONAL_OR_KEYWORD}
    assert {one.kind for one in told[count:]} == {inspect.Parameter.KEYWORD_ONLY}


def test_what_needs_no_name():
    assert {kind: kind.leading for kind in KINDS} == {
        **dict.fromkeys(KINDS, ("source",)),
        gw.FitExplorer: ("x", "y"),
    }


@every
def test_its_defaults_change_nothing(kind, made):
    usual = {n: p.default for n, p in inspect.signature(kind).parameters.items()}
    usual |= GIVEN.get(kind, USUAL)
    assert kind(**usual).code() == made[kind].code()


def test_an_option_that_follows_the_function_has_no_number_of_its_own():
    usual = inspect.signature(gw.DescentExplorer).parameters
    assert (usual["rate"].default, usual["steps"].default) == (None, 100)
    assert "one that suits f" in gw.DescentExplorer.__doc__


# ── words ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("kind", "name"), OPTIONS)
def test_every_option_is_explained_with_its_range(kind, name):
    trait = options.option_traits(kind)[name]
    told = described(kind, name)
    assert len(trait.help) > 8
    assert told.startswith(f"{name}: {trait.help}")
    assert "by default" in told
    for value in getattr(trait, "values", None) or ():
        assert repr(value) in told


def described(kind, name):
    """The lines on one argument, joined."""
    lines, found = kind.__doc__.split("\n"), []
    for line in lines[lines.index("Args:") + 1 : lines.index("Raises:")]:
        if line.startswith(f"    {name}: ") or (found and line.startswith(" " * 8)):
            found.append(line.strip())
        elif found:
            break
    return " ".join(found)


def test_range_and_unit_stand_there():
    assert described(gw.GradientExplorer, "angle") == (
        "angle: the direction of u in degrees, from the first axis towards the second; 0 to 360; "
        "30.0 by default."
    )
    assert "0 to 0.999; 0.9 by default" in described(gw.DescentExplorer, "momentum")


@every
def test_help_begins_with_the_arguments_and_leaves_ipywidgets_out(kind):
    text = pydoc.render_doc(kind, renderer=pydoc.plaintext)
    lines = text.splitlines()
    places = [
        next(k for k, line in enumerate(lines) if line.startswith(f" |      {name}: "))
        for name in (*kind.leading, *kind.named, *options.option_traits(kind))
    ]
    resolution = lines.index(" |  Method resolution order:")
    assert places == sorted(places)
    assert max(places) < resolution
    assert max(map(len, lines[4:resolution])) <= 100
    assert len(lines) < 250
    assert "figure(self, " in text
    assert not any("inherited from ipywidgets" in line for line in lines)
    assert not any("inherited from traitlets" in line for line in lines)


@every
def test_a_notebook_shows_the_same(kind):
    told = Inspector(theme_name="nocolor").info(kind)
    assert "domain" in told["init_definition"]
    assert all(f"{name}: " in told["docstring"] for name in kind.leading)


@every
def test_an_explorer_still_knows_all_its_names(kind, made):
    names = dir(made[kind])
    assert {"layout", "observe", "figure", *options.option_traits(kind)} <= set(names)
    assert {"figure", "point"} <= set(dir(kind)) <= set(names)  # options: among the arguments


def test_a_subclass_tells_its_own_options_first():
    class Own(gw.GradientExplorer):
        colour = traitlets.Unicode("blue", help="the colour").tag(picture=True)

    assert list(inspect.signature(Own).parameters)[3:5] == ["colour", "angle"]
    assert "colour: the colour; 'blue' by default." in Own.__doc__
    assert Own.__doc__.count("Args:") == 1


# ── what does not exist ──────────────────────────────────────────────────────────────────────────


@every
def test_what_does_not_exist_can_not_be_set(kind, made):
    before = made[kind].code()
    with pytest.raises(AttributeError, match=f"^{kind.__name__} has no option 'colour'"):
        made[kind].colour = "red"
    with pytest.raises(TypeError, match=f"^{kind.__name__} has no option 'colour'"):
        kind(colour="red")
    assert made[kind].code() == before


@pytest.mark.parametrize(
    ("kind", "wrong", "near"),
    [
        (gw.GradientExplorer, "normalised", "normalized"),
        (gw.GradientExplorer, "angel", "angle"),
        (gw.GradientExplorer, "Density", "density"),
        (gw.GradientExplorer, "layot", "layout"),
        (gw.GradientExplorer, "domian", "domain"),
        (gw.DescentExplorer, "learning_rate", "rate"),
        (gw.DescentExplorer, "sufficient", "sufficient_decrease"),
        (gw.RaceExplorer, "rate", "rates"),
        (gw.TapeExplorer, "persistant", "persistent"),
    ],
)
def test_the_near_name_is_told(kind, wrong, near, made):
    with pytest.raises(AttributeError, match=f"did you mean '{near}'"):
        setattr(made[kind], wrong, 1)
    with pytest.raises(TypeError, match=f"did you mean '{near}'"):
        kind(**{wrong: 1})


def test_where_no_name_is_near_all_are_told():
    told = options.refusal(gw.PartialsExplorer, "zzz")
    assert told == (
        "PartialsExplorer has no option 'zzz'; it has point, domain, heights, axes, view, azimuth, "
        "elevation, levels, controls, size"
    )


@settings(max_examples=60)
@given(st.sampled_from(OPTIONS), st.data())
def test_a_slip_of_the_finger_finds_its_option(option, data):
    kind, name = option
    place = data.draw(st.integers(0, len(name) - 1))
    slip = name[:place] + name[place + 1 :]
    if len(name) < 6 or slip in options.option_traits(kind):
        return
    near = options.refusal(kind, slip).rpartition("did you mean ")[2].strip("'?")
    assert near in options.option_traits(kind)


def test_what_belongs_to_widgets_can_be_set(made):
    explorer = made[gw.GradientExplorer]
    explorer.layout.width = "50%"
    explorer.layout = {"width": "100%"}
    explorer.tooltip = "drag the dot"
    explorer._noted = 1
    assert explorer._noted == 1


def test_what_is_only_read_stays(made):
    for name in ("scene", "settled"):
        with pytest.raises(AttributeError):
            setattr(made[gw.GradientExplorer], name, None)


def test_the_base_tells_what_all_share():
    names = ["source", "point", "domain", "controls", "size"]
    assert list(inspect.signature(Explorer).parameters) == names
