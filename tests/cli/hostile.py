"""Names that mean something to a terminal."""

import re

from tests.builders import HOSTILE_NAMES

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f]")
NASTY = (*HOSTILE_NAMES, "\x9b2J", "a\nb\tc\x7f", "\u2066x", "\x1b]0;title\x07", "e" + "\u0301" * 9)
