"""The user's settings, from command line, environment, project and user file, in this order.

`load()` once, at the start of a command; in the app, `app.settings` has the result. A setting is a field of
`Settings` and a line in `fields.FIELDS`; nothing else needs to know about it.
"""

from tracetui.settings.files import load
from tracetui.settings.values import Settings

__all__ = ["Settings", "load"]
