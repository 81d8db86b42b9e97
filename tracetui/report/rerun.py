"""The command that runs a test again, made from its span."""

import shlex

from tracetui.model.span import Attributes

_NODE_IDS = ("pytest.nodeid", "nodeid", "test.nodeid")


def rerun_command(attributes: Attributes) -> str:
    """`pytest NODEID`, or resmoke's own; empty if the attributes name neither. Foreign text, quoted."""
    suite, test = _text(attributes, "resmoke.cmd.params.suite_files"), _text(attributes, "test_long_name")
    if suite and test:
        return shlex.join(["buildscripts/resmoke.py", "run", f"--suites={suite}", test])
    node = next(filter(None, (_text(attributes, key) for key in _NODE_IDS)), "")
    return shlex.join(["pytest", node]) if node else ""


def _text(attributes: Attributes, key: str) -> str:
    value = attributes.get(key)
    return value if isinstance(value, str) and not value.startswith("-") else ""
