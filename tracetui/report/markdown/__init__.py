"""What a run tells, as Markdown: a summary, a step summary with annotations for GitHub, a ticket per test."""
