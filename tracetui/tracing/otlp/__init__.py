"""The sinks beside the files: OTLP where it is configured, and other exporters; none of them blocks a
test.
"""
