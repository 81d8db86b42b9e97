"""Pages in a real browser: what they draw, what they ask for, what they do when somebody clicks."""
