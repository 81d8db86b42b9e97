"""A divider that is dragged, and the size of what it belongs to."""


class Divider:
    """Dragged from `take` to `let_go`; sizes and pointers are in cells along one axis.

    `direction` is 1 if what is before the divider grows with the pointer, -1 if what is after it shrinks.
    """

    def __init__(self, direction: int = 1) -> None:
        self._direction = direction
        self._taken_at: int | None = None
        self._size = 0
        self._moved = False

    @property
    def is_held(self) -> bool:
        """Whether it is being dragged."""
        return self._taken_at is not None

    def take(self, pointer: int, size: int) -> None:
        """Start dragging, from a size."""
        self._taken_at, self._size, self._moved = pointer, size, False

    def size(self, pointer: int) -> int:
        """The size with the pointer there."""
        by = pointer - self._taken_at if self._taken_at is not None else 0
        self._moved = self._moved or by != 0
        return self._size + self._direction * by

    def let_go(self) -> bool:
        """Stop dragging; returns whether it was moved."""
        moved, self._taken_at = self._moved, None
        return moved
