"""How widgets that are not Textual's are painted, and what was painted is kept."""
