"""The columns of the two relations of a store, each declared once, and their types on each engine."""

from tracetui.fleet.schema.columns import FACTS, SPANS, Column, Kind

__all__ = ["FACTS", "SPANS", "Column", "Kind"]
