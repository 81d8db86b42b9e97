"""Whoever runs the tests is safe from them."""

import os
import signal

import pytest


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL])
def test_no_signal_goes_to_all(number: signal.Signals) -> None:
    """What was meant for a group of its own does not reach that of the tests."""
    for send, to in ((os.killpg, os.getpgrp()), (os.killpg, 0), (os.kill, 0), (os.kill, -os.getpgrp())):
        with pytest.raises(AssertionError, match="whoever runs the tests"):
            send(to, number)


def test_no_test_stops_itself() -> None:
    """Who is stopped waits for somebody who lets it go on; whoever asks whether a process is there may."""
    with pytest.raises(AssertionError, match="stops this test"):
        os.kill(os.getpid(), signal.SIGTSTP)
    os.kill(os.getpid(), 0)
    os.kill(0, 0)
