"""What holds for every test: no machine is too slow for a property, no signal is ignored from the start.

And nobody stops or kills whoever runs the tests.
"""

import gc
import os
import signal
from collections.abc import Iterator
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

from tests.budgets import examples
from tracetui.settings.fields import FIELDS
from tracetui.settings.files import CONFIG, PREFIX

STOPS = (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)
COLLECTED = (10_000, 20, 20)
"""How often cycles are looked for (see `gc.set_threshold`): what Python does by default takes a tenth of the
tests of screens.
"""
ON_DEMAND = ("nightly", "installs")
SETTINGS = (CONFIG, *(f"{PREFIX}{name.upper()}" for name in FIELDS))

# A property meets the same examples each time, so that what turns red is what has changed; with
# `--hypothesis-profile=searching` it meets others each time.
settings.register_profile(
    "steady",
    max_examples=examples(25),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
settings.register_profile("searching", settings.get_profile("steady"), derandomize=False)
settings.load_profile("steady")

# What runs in the background has signals ignored, and hands that on to all it starts: Ctrl-C does nothing.
for number, usual in (
    (signal.SIGINT, signal.default_int_handler),
    (signal.SIGQUIT, signal.SIG_DFL),
    (signal.SIGHUP, signal.SIG_DFL),
):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, usual)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for name in ON_DEMAND:
        if name not in config.getoption("-m"):
            skip = pytest.mark.skip(reason=f"only with -m {name}")
            for item in items:
                if item.get_closest_marker(name):
                    item.add_marker(skip)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the collector of cycles need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED)


@pytest.fixture(autouse=True)
def nobodys_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What whoever runs the tests has set, or what another test has kept, is not there."""
    home = tmp_path_factory.getbasetemp() / f"nobody-{uuid4().hex}"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def shared_pages() -> Iterator[None]:
    """However few values arrays have, they share those that stay the same: as those of long runs do."""
    from tracetui.model.numbers import revisions, sealed  # With numpy, which writing does without.

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(revisions, "LEAST_BYTES", 1)
        patch.setattr(sealed, "OPEN", 1)
        patch.setattr(sealed, "PAGESIZE", 1)
        yield


@pytest.fixture(autouse=True)
def spared(monkeypatch: pytest.MonkeyPatch) -> None:
    """No signal goes from here to all the processes that run the tests, and none that stops this one."""
    kill, killpg = os.kill, os.killpg

    def spare_group(group: int, number: int) -> None:
        assert not number or group not in (0, os.getpgrp()), f"signal {number} to whoever runs the tests"
        killpg(group, number)

    def spare(pid: int, number: int) -> None:
        assert not number or pid not in (-1, 0, -os.getpgrp()), f"signal {number} to whoever runs the tests"
        assert pid != os.getpid() or number not in STOPS, f"signal {number} stops this test"
        kill(pid, number)

    monkeypatch.setattr(os, "killpg", spare_group)
    monkeypatch.setattr(os, "kill", spare)
