"""A function in a page with much to read or to tell."""

from __future__ import annotations

import json
import math
from typing import Any

from playwright.sync_api import Page

# JSON knows neither undefined, as which playwright tells None, nor numbers that are none, nor −0.
ASK = """(text) => JSON.stringify((%s)(JSON.parse(text)) ?? null, (name, value) => {
  if (ArrayBuffer.isView(value)) return [...value];
  if (typeof value !== "number") return value ?? null;
  const known = Number.isFinite(value) && !Object.is(value, -0);
  return known ? value : { number: Object.is(value, -0) ? "-0" : String(value) };
})"""
OTHER = {"-0": -0.0, "NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def ask(page: Page, function: str, argument: Any) -> Any:
    """What it returns for an argument, both as text, which browsers and Python read at once.

    playwright looks at every number of either by itself, and takes ten times as long.
    """
    told = page.evaluate(ASK % function, json.dumps(argument, allow_nan=False))
    return json.loads(told, object_hook=_known)


def _known(told: dict[str, Any]) -> Any:
    return OTHER[told["number"]] if told.keys() == {"number"} else told
