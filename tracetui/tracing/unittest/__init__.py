"""unittest, traced: `python -m tracetui.tracing.unittest` in place of `python -m unittest`, and nothing else.

Same arguments, output and exit code; files go to `TRACETUI_DIR`, or `spans`. Needs no pytest.
"""

from __future__ import annotations

from tracetui.tracing.unittest.runner import TracedLoader, TracedRunner

__all__ = ["TracedLoader", "TracedRunner"]
