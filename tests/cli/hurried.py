"""A progress line that comes at once."""

HURRY = "import tracetui.cli.progress as p; p.AFTER_S = 0.0; from tracetui.cli import main; main()"
"""The command, for which everything takes long."""
