"""An OTLP receiver that writes files of ours: nothing is acknowledged before it is written."""
