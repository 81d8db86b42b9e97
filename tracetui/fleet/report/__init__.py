"""What is asked of all runs, answered: values that have a page, Markdown, CSV and JSON."""
