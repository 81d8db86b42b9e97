"""Which hooks are fixtures: they set up or tear down what tests need.

Their titles decide: `notes setup`, `fixture start`. An attribute says it of ours alone, and the store keeps
of that only whether a fixture is a function's (`own`); a ranking, which adds up by title, has nothing else.
"""

_WORDS = ("fixture", "setup", "teardown")


def is_fixture(title: str) -> bool:
    """Whether a hook of that title (foreign text) is one."""
    words = title.casefold()
    return any(word in words for word in _WORDS)
