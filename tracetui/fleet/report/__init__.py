"""Answers to questions about all runs: values that have a page, Markdown, CSV and JSON."""
