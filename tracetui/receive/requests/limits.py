"""How much there may be in a request: whatever is in it, memory and time stay in proportion to its bytes."""

MOST_FIELDS = 4 << 20
"""Of a request, in all its messages; as many real spans as there is room for have fewer."""
MOST_RECORD_FIELDS = 1 << 16
"""Of a record, a resource or a scope; with more, most of its lists are left out, as no line holds them."""
MOST_SENDERS = 64
"""Of a request, with files of their own; all others share one."""
DEEPEST = 100
"""Messages within messages, as protobuf's own readers have it."""


class TooManyError(Exception):
    """There are more fields than may be."""


class Budget:
    """How many fields may still be read."""

    def __init__(self, most: int = MOST_FIELDS) -> None:
        self.left = most

    def spend(self, count: int = 1) -> None:
        """Count fields; raises `TooManyError` if there are too many."""
        self.left -= count
        if self.left < 0:
            raise TooManyError
