"""How long those who write may be silent, in ns, until they count as gone."""

from tracetui import units

SILENCE_NS = 15 * units.S
"""A writer elsewhere that has not been heard of for longer than this is gone."""

QUIET_NS = 10 * units.MINUTE
"""Who writes spans only when they end (resmoke) may be silent for so long: a test can take minutes."""
