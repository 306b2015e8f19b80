"""What a page carries of an explorer, read again."""

import base64
import json
import re
from functools import cache

from gradwidgets.rendering.packing import unpacked

CARRIED = re.compile(r'data-gw="([^"]+)"')


def packets(html):
    """The packets of a page's explorers: what they tell, and their parts."""
    for found in CARRIED.findall(html):
        parts = unpacked(base64.b64decode(found))
        yield json.loads(parts[0]), parts


def carried(explorer, **options):
    """The usual state of an explorer in its page and its choices, all values in place."""
    ((told, parts),) = packets(explorer.to_html(script=False, **options))
    raw = {*told["bytes"]}
    loaded = cache(lambda place: json.loads(parts[place]))  # most choices share most parts

    def read(traits):
        return {n: parts[k] if n in raw or not parts[k] else loaded(k) for n, k in traits.items()}

    (one,) = told["functions"]
    chosen = {o: {n: read(t) for n, t in names.items()} for o, names in one["choices"].items()}
    return {**one, "traits": read(one["traits"]), "choices": chosen}
