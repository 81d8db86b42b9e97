"""The app in a page of a browser (textual-serve), for machines where a terminal is no option."""
