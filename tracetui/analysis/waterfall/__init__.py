"""The tree as rows: folds, groups of repeated spans, marks."""
