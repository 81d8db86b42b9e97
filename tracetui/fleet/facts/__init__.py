"""From what a recording says to rows of facts, by the rules that every screen and verb goes by."""
