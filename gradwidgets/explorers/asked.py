"""The form of a question: its answers, the buttons that lead on, what a page writes down."""

from __future__ import annotations

from typing import Any

from gradwidgets.calculus.misconceptions import CHOICES, MISTAKES
from gradwidgets.calculus.questions import QUESTIONS, Question
from gradwidgets.explorers import form
from gradwidgets.pictures import asked


def rows(posed: Question) -> list[form.Row]:
    """What can be answered, and the buttons that check and lead on."""
    number = posed.number
    walks = [
        {
            "kind": "walk",
            "label": "Check",
            "control": asked.CHECKED,
            "from": number - 1,
            "to": number,
        },
        {
            "kind": "walk",
            "label": "Next question",
            "control": asked.NUMBER,
            "from": 0,
            "to": QUESTIONS,
        },
    ]
    numbers = [[place, str(place)] for place in range(1, QUESTIONS + 1)]
    menu = {
        "kind": "choice", "at": {"trait": "question"}, "label": "Question", "style": "menu",
        "help": "the number of the question", "options": numbers,
    }  # fmt: skip
    unseen = [asked.CHECKED, asked.NUMBER, *asked.GUESS[: len(posed.start)]]
    sliders = [{"kind": "slider", "control": name, "hidden": True} for name in unseen]
    answers = [_choice(posed)] if posed.kind in CHOICES else []
    return [*([answers] if answers else []), [*walks, menu, *sliders]]


def _choice(posed: Question) -> form.Item:
    """The answers to choose from, until one is checked."""
    options = [[place, answer] for place, answer in enumerate(CHOICES[posed.kind])]
    at, rests = {"trait": "guess", "key": 0}, {"at": {"trait": "checked"}, "value": posed.number}
    return {
        "kind": "choice", "at": at, "label": "Answer", "options": options, "style": "buttons",
        "rests": rests,
    }  # fmt: skip


def facts(posed: Question) -> dict[str, Any]:
    """What a page without Python writes into its records."""
    return {
        "question": posed.number,
        "kind": posed.kind,
        "function": posed.field.text,
        "point": list(posed.point),
        "mistakes": [mistake.key for mistake in MISTAKES[posed.kind]],
        "start": list(posed.start),
        "choices": CHOICES.get(posed.kind, ()),
    }
