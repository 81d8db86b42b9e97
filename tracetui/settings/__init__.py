"""What the reader has chosen, and where: command line, environment, project, user, in this order.

`load()` once, at the start of a command; in the app, `app.settings` has the result. A setting is a field of
`Settings` and a line in `fields.FIELDS`; nothing else needs to know of it.
"""

from tracetui.settings.files import load
from tracetui.settings.values import Settings

__all__ = ["Settings", "load"]
