"""A run as Markdown: a summary, a step summary with annotations for GitHub, a ticket per test."""
