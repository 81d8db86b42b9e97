"""The user's settings of the app: themes, what of them a terminal can show, keys, screenshots."""

from collections.abc import Sequence
from pathlib import Path

from textual import work
from textual.binding import Binding
from textual.driver import Driver
from textual.filter import LineFilter, Monochrome, NoColor
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.theme import Theme

from tracetui.settings import Settings
from tracetui.settings.state import keep
from tracetui.text import sanitize
from tracetui.ui.app.pictures import save
from tracetui.ui.feed.clock import WALL
from tracetui.ui.keys.key_order import InOrder
from tracetui.ui.keys.keymap import keymap
from tracetui.ui.theme.filters import ASCII, EIGHT_BIT, colourless
from tracetui.ui.theme.themes import DARK, LIGHT, THEMES, starting_theme
from tracetui.ui.theme.thin_scrollbar import ThinScrollBar
from tracetui.ui.waterfall.draw_columns import BY_NAME


class Appearance(InOrder):
    """An app with our themes. Raises `SettingError` for an unknown theme, column, action or key."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self._ascii = settings.draws_ascii
        ScrollBar.renderer = ThinScrollBar if self.no_color else ScrollBarRender
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = starting_theme(settings, self.available_themes, self.console.color_system)
        for name in settings.columns:
            settings.require_known("columns", name, BY_NAME)
        self.own_keys = keymap(settings)
        self.set_keymap(dict(self.own_keys))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our roles and outcomes for themes that are not ours."""
        return (DARK if self.current_theme.dark else LIGHT).variables

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The filters for everything drawn; with NO_COLOR, Textual would turn colours to greys."""
        filters = [
            line_filter
            for line_filter in super().get_line_filters()
            if not isinstance(line_filter, Monochrome | NoColor)
        ]
        if self.no_color:
            filters.append(colourless(self.theme_variables["background"]))
        if self.console.color_system == "256":
            filters.append(EIGHT_BIT)
        return [*filters, ASCII] if self._ascii else filters

    def get_driver_class(self) -> type[Driver]:
        """Ours, where Textual would take that of a terminal."""
        driver = super().get_driver_class()
        if driver.__name__ != "LinuxDriver":
            return driver
        from tracetui.ui.app.driver import TerminalDriver  # Not where there is no terminal of that kind.

        return TerminalDriver

    def get_theme(self, theme_name: str) -> Theme | None:
        """Textual asks for the theme with much of what it draws, and would look through a copy of all."""
        return THEMES.get(theme_name) or super().get_theme(theme_name)

    def get_key_display(self, binding: Binding) -> str:
        """The name of a key; Textual's sign for enter would be a `/` in ASCII, which is another key."""
        shown = super().get_key_display(binding)
        return "enter" if self._ascii and binding.key == "enter" else shown

    def action_next_theme(self) -> None:
        """Switch to the next of our themes; from another's, to the first."""
        names = tuple(THEMES)
        place = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(place + 1) % len(names)]

    def watch_theme(self, before: str, now: str) -> None:
        """Remember the theme for the next time."""
        if self.is_running and before != now:
            self._keep_theme(now)

    @work(thread=True, exit_on_error=False)
    def _keep_theme(self, name: str) -> None:
        try:
            keep(theme=name)
        except OSError as error:
            self.log.warning(f"theme not saved: {error}")

    def action_picture(self) -> None:
        """Save a screenshot as a file, without the toast of the one before."""
        self.clear_notifications()
        self.call_after_refresh(self._take_picture)

    def _take_picture(self) -> None:
        self._save_picture(self.export_screenshot(), self.current_mode, self.now_ns())

    def now_ns(self) -> int:
        """The time on the screen, in ns since the epoch."""
        return WALL.now_ns()

    @work(thread=True)
    def _save_picture(self, svg: str, mode: str, now_ns: int) -> None:
        try:
            message, severity = (
                f"saved as {save(svg, Path(self.settings.screenshots), mode, now_ns)}",
                "information",
            )
        except OSError as error:
            message, severity = f"screenshot not saved: {error}", "error"
        self.call_from_thread(self.notify, sanitize(message), markup=False, severity=severity)
