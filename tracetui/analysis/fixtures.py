"""Which hooks are fixtures: they set up or tear down what tests need."""

_WORDS = ("fixture", "setup", "teardown")


def is_fixture(title: str) -> bool:
    """Whether a hook of that title (foreign text) is one."""
    words = title.casefold()
    return any(word in words for word in _WORDS)
