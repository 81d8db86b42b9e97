"""How test runners in JavaScript spell roles, outcomes and names in their spans: one function a dialect.

From a recording of Vitest 4.1. Our own reporters write our own attributes.
"""

from tracetui.model.clues import Clues, Rule, by_status, by_word, joined
from tracetui.model.columns import Facts
from tracetui.model.role import HookKind, Outcome, Role

HOT_KEYS = frozenset({"code.file.path", "test.case.result.status", "vitest.test.mode", "vitest.test.name"})
"""The attributes that these dialects tell by."""

_VITEST = "vitest.test.runner."
_VITEST_HOOKS = {
    "suite.beforeAll": HookKind.CLASS,
    "suite.afterAll": HookKind.CLASS,
    "test.beforeEach": HookKind.FUNCTION,
    "test.afterEach": HookKind.FUNCTION,
}


def vitest(clues: Clues) -> Facts:
    """Vitest: a test's span never says how it ended, unless it was skipped; that of its function does.

    Even that is none of the test's: one that should fail has an error there, and one that was tried again.
    """
    part = clues.name.removeprefix(_VITEST)
    if clues.name == "vitest.start":
        return Facts(Role.SUITE, by_status(clues), "vitest", "")
    if part == "run.test":
        is_skipped = clues.get("vitest.test.mode") in ("skip", "todo")
        outcome = Outcome.SKIPPED if is_skipped else by_word(clues, "test.case.result.status")
        return Facts(
            Role.TEST, outcome, joined(clues.get("code.file.path"), clues.get("vitest.test.name")), ""
        )
    if part in _VITEST_HOOKS:
        kind = _VITEST_HOOKS[part]
        return Facts(Role.HOOK, by_status(clues), part, "", kind is HookKind.FUNCTION, hook_kind=kind)
    return Facts(Role.PHASE if part == "test.callback" else Role.OTHER, by_status(clues), clues.name, "")


RULES = (Rule("Vitest", lambda clues: clues.scope == "vitest", vitest),)
