"""The sinks beside the files: OTLP where it is configured, and other exporters; none of them blocks a
test.
"""

GRACE_SECONDS = 1.9
"""How long a program may be kept from its end, all in all."""
