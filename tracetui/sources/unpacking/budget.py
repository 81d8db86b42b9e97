"""How much may come of what is unpacked: bytes and members, also of archives in archives."""

MOST_BYTES = 1 << 30
MOST_RATIO = 200
"""What unpacks to more than `MOST_BYTES`, and to more than this many times its size, is taken for a bomb."""

MOST_MEMBERS = 50_000
"""What stands behind so many members is not read."""

MOST_DEPTH = 3
"""So many archives may be inside each other: more look like one that contains itself."""


class Budget:
    """What one archive or stream has unpacked to so far.

    Whatever it unpacks to counts for those `around` it as well: archives in an archive have no more room
    together than it has alone. `depth` is 1 for the outermost.
    """

    def __init__(self, around: "Budget | None" = None) -> None:
        self.depth: int = around.depth + 1 if around else 1
        self.packed = self.unpacked = self.members = 0
        self._around = around

    def spend(self, packed: int, unpacked: int) -> str:
        """Count so many bytes more; why it must stop, or empty."""
        self.packed += packed
        self.unpacked += unpacked
        around = self._around.spend(0, unpacked) if self._around else ""
        if self.unpacked > MOST_BYTES and self.unpacked > MOST_RATIO * self.packed:
            return f"incomplete: more than {MOST_BYTES} bytes out of {self.packed} look like a bomb"
        return around

    def takes_member(self) -> bool:
        """Count one member more; whether it may be read."""
        self.members += 1
        around = self._around is None or self._around.takes_member()
        return around and self.members <= MOST_MEMBERS
