"""An explorer as a JavaScript module: what a host of anywidgets, or a page of one's own, imports.

Its text is plain. A page's content policy allows what it imports, and not what is unpacked there.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from gradwidgets.rendering import page
from gradwidgets.rendering.joining import joined
from gradwidgets.rendering.shipping import lean


def written(fragment: str) -> str:
    """The module that shows an explorer, of its fragment without a script."""
    told = ", ".join(json.dumps(text, ensure_ascii=False) for text in (page.style(), fragment))
    return f"{_front()}export default moduleOf({told});\n"


@cache
def _front() -> str:
    return lean(joined(Path(__file__).parent / "alone/module.js"))
