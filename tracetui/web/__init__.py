"""The app in a browser (textual-serve), for machines on which a terminal is not an option."""
