"""The commands that hand a recording over: as the files of other tools, and as reports."""
