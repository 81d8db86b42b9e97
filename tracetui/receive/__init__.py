"""An OTLP receiver that writes our files: nothing is acknowledged before it is written."""
