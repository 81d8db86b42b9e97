"""The commands that export a recording: as files of other tools, and as reports."""
