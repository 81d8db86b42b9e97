"""The columns of the two relations of a store, each declared once, and their types on each engine."""

from tracetui.fleet.schema.columns import FACTS, SPANS, SPANS_OF_TESTS, Column, Kind

__all__ = ["FACTS", "SPANS", "SPANS_OF_TESTS", "Column", "Kind"]
