"""Where the reader has been."""

from tracetui.analysis.timeline.window import Window
from tracetui.ui.timeline.history import MOST, History, Place

PLACES = [Place(Window(0, number + 1), number) for number in range(MOST + 10)]


def test_back_and_forth() -> None:
    """Back to where the reader was, forth to where they came back from; a new leap forgets what was ahead."""
    history = History()
    history.leave(PLACES[0])
    history.leave(PLACES[1])
    assert history.back(PLACES[2]) == PLACES[1]
    assert history.back(PLACES[1]) == PLACES[0]
    assert history.back(PLACES[0]) is None
    assert history.forth(PLACES[0]) == PLACES[1]
    history.leave(PLACES[1])
    assert history.forth(PLACES[5]) is None


def test_small_steps_are_one() -> None:
    """A turning wheel is one step, until something else comes between."""
    history = History()
    for place in PLACES[:4]:
        history.leave(place, "zoom")
    history.leave(PLACES[4], "pan")
    assert history.back(PLACES[5]) == PLACES[4]
    assert history.back(PLACES[4]) == PLACES[0]


def test_it_is_bounded() -> None:
    """Only so many places are remembered."""
    history = History()
    for place in PLACES:
        history.leave(place)
    count = 0
    while history.back(PLACES[0]):
        count += 1
    assert count == MOST
