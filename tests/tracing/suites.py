"""Suites that more than one test module runs."""

OUTCOMES = """
    import pytest

    @pytest.fixture
    def broken():
        raise ValueError("in setup")

    @pytest.fixture
    def leaky():
        yield
        raise OSError("in teardown")

    @pytest.mark.parametrize("x", ["a-b", "[/tmp/x]", "a::b"])
    def test_passes(x): pass

    def test_fails(): assert [1] == [2], "first line\\nsecond line"

    def test_pytest_fail(): pytest.fail("said so")

    def test_skips(): pytest.skip("not today")

    @pytest.mark.skip(reason="never")
    def test_is_skipped(): pass

    @pytest.mark.xfail(reason="known")
    def test_xfails(): assert 0

    @pytest.mark.xfail(reason="thought so")
    def test_xpasses(): pass

    @pytest.mark.xfail(strict=True, reason="for sure")
    def test_xpasses_strictly(): pass

    def test_error_in_setup(broken): pass

    def test_error_in_teardown(leaky): pass

    class Unprintable(Exception):
        def __str__(self): raise RuntimeError("no")

    class TestClass:
        def test_method(self): raise Unprintable()
"""
