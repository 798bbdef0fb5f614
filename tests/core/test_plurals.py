"""English counts one thing as one: a text with a number and a noun has both forms."""

from __future__ import annotations

import re

from tests.helpers import house

NOUNS = (
    "accounts|calls|cartons|characters|clauses|coins|copies|customers|days|entries|errors|files|guests|hours|items|"
    "keys|lines|lists|matches|minutes|months|notes|packs|papers|pcs|people|photos|pictures|pieces|points|records|"
    "repairs|rows|seconds|slips|steps|tasks|times|visits|weeks|years"
)
COUNTED = re.compile(rf"\{{\w+\}} (?:\w+ )?(?:{NOUNS})\b")
#: What is never one: limits that are set in the program, spans, sums of a whole regulation.
NEVER_ONE = re.compile(
    r"[Aa]t most|at least|more than|minutes only|within \{count\}|\{first\}|\{least\}|after \{count\}|"
    r"\{seconds\}|\{years\} years|\{count\} times|font files|lines are settled|same matter|clauses apply|"
    r"After \{count\}|not more at once|Packed: |\{pictures\}|too long to print|customers at once"
)


def test_a_text_with_a_number_has_a_singular() -> None:
    texts = (m.id for m in house.catalogue(house.ROOT, "zh_TW") if m.id and isinstance(m.id, str))
    assert [text for text in texts if COUNTED.search(text) and not NEVER_ONE.search(text)] == []
