"""What is said of a wrong setting."""

import pytest

from tracetui.settings import load
from tracetui.settings.values import SettingError


def complaint(**where: object) -> str:
    """The one line that `load` ends in."""
    with pytest.raises(SettingError) as caught:
        load(**where)  # type: ignore[arg-type]
    message = str(caught.value)
    assert "\n" not in message
    return message
