"""OTLP as JSON and as protobuf, and the log records beside it."""
