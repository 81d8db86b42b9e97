"""Without the extra `fleet` there is nothing to test here."""

import pytest

pytest.importorskip("ibis", reason="needs: pip install -e '.[fleet]'")
