"""Canaries: what we need of Textual beyond its promises is as we take it to be.

Where one fails with a new version, mend `tracetui/ui/compat.py`; the driver's are in `test_suspend`.
"""

import inspect

import pytest
from textual.app import App
from textual.driver import Driver
from textual.timer import Timer

from tracetui.ui.compat import key_name


def test_a_timer_leaves_out_what_is_late() -> None:
    """Unless it is told not to."""
    assert "if self._skip and next_timer < now:" in inspect.getsource(Timer)


@pytest.mark.parametrize(("character", "name"), [("a", "a"), ("/", "slash"), ("?", "question_mark")])
def test_characters_have_names_as_keys(character: str, name: str) -> None:
    """Those that a binding takes."""
    assert key_name(character) == name


def test_an_unhandled_exception_is_reported_in_one_place() -> None:
    """Which keeps the exception, and prints what was put aside once the terminal is restored."""
    assert "self._fatal_error()" in inspect.getsource(App._handle_exception)
    assert "self._exception = error" in inspect.getsource(App._handle_exception)
    assert "for renderable in self._exit_renderables" in inspect.getsource(App._print_error_renderables)
    report = inspect.getsource(App._fatal_error)
    assert "self._exit_renderables.append(" in report
    assert report.rstrip().endswith("self._close_messages_no_wait()")


def test_a_driver_says_whether_it_can_suspend() -> None:
    """And the app has it."""
    assert isinstance(Driver.can_suspend, property)
    assert "self._driver" in inspect.getsource(App.suspend)
