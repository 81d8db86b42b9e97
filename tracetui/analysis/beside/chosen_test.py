"""Finds one test by its name, or by a part of it that no other name has."""

from difflib import get_close_matches

import numpy as np

from tracetui.analysis.study.run_facts import RunFacts
from tracetui.errors import InputError
from tracetui.model.numbers.distinct import distinct
from tracetui.model.role import Role

MOST_TOLD = 6


def test_called(facts: RunFacts, text: str) -> int:
    """The title number of the test that `text` means; raises `InputError` if it means none, or several."""
    snapshot = facts.snapshot
    titles = distinct(snapshot.title_id[np.flatnonzero(snapshot.role == Role.TEST)]).tolist()
    names = {snapshot.texts[title]: title for title in titles}
    if text in names:
        return int(names[text])
    matches = [name for name in names if text.casefold() in name.casefold()]
    if len(matches) == 1:
        return int(names[matches[0]])
    if matches:
        listed = "; ".join(sorted(matches)[:MOST_TOLD])
        raise InputError(f"several tests are called {text}: {listed}{'; ...' * (len(matches) > MOST_TOLD)}")
    near = get_close_matches(text, names, 1, 0.5)
    hint = f" (did you mean {near[0]}?)" if near else "; see: tracetui top PATH"
    raise InputError(f"no test is called {text}{hint}")
