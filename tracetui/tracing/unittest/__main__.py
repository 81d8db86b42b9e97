"""What `python -m tracetui.tracing.unittest` does."""

from __future__ import annotations

import sys
import unittest

from tracetui.tracing.unittest.runner import TracedLoader, TracedRunner

if sys.argv[0].endswith("__main__.py"):
    sys.argv[0] = "python -m unittest"  # It stands in what unittest prints about its use.
__unittest = True

unittest.main(module=None, testRunner=TracedRunner, testLoader=TracedLoader())
