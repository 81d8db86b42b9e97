"""Canaries: what we need of pytest and pytest-xdist beyond their promises is as we take it to be.

Where one fails with a new version, `tracetui/tracing/pytest/compat.py` is what to mend.
"""

import inspect
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import _pytest.fixtures
import _pytest.python
import _pytest.runner
import _pytest.unittest
import pytest

from tracetui.tracing.pytest import compat


def source(module: str) -> str:
    """That of a module which may have no types."""
    spec = find_spec(module)
    assert spec
    assert spec.origin
    return Path(spec.origin).read_text()


def test_pytest_imports_by_a_hook_of_its_own(pytestconfig: pytest.Config) -> None:
    """Without one, where assertions are plain, there is nothing to take away."""
    hook = compat.rewrite_hook(pytestconfig)
    assert hook is not None
    assert hasattr(hook, "find_spec")


@pytest.fixture
def torn_down() -> Iterator[None]:
    open_files = [1]
    yield
    open_files.clear()


def fixturedef(request: pytest.FixtureRequest, name: str) -> Any:
    return request._get_active_fixturedef(name)


def test_a_fixture_has_finalizers(request: pytest.FixtureRequest, torn_down: None) -> None:
    """As many as it was given, its own teardown first."""
    definition = fixturedef(request, "torn_down")
    before = compat.count_finalizers(definition)
    assert before
    definition.addfinalizer(lambda: None)
    assert compat.count_finalizers(definition) == before + 1
    assert compat.count_finalizers(object()) is None


@pytest.mark.parametrize("given", [5])
def test_a_parameter_is_no_fixture(request: pytest.FixtureRequest, torn_down: None, given: int) -> None:
    """Though pytest makes one of it; and a test knows its parameters."""
    assert compat.is_parameter(fixturedef(request, "given"))
    assert not compat.is_parameter(fixturedef(request, "torn_down"))
    assert compat.parameters(request.node) == {"given": 5}


def test_a_test_without_parameters_has_none(request: pytest.FixtureRequest) -> None:
    """Nor has what is no function."""
    assert compat.parameters(request.node) is None
    assert compat.parameters(request.session) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["setup_module", "setup_function", "setup_class", "setup_method"])
def test_classic_set_ups_are_fixtures(name: str) -> None:
    """Named so that the function they were made of can be told."""
    assert f"_xunit_{name}_fixture_" in inspect.getsource(_pytest.python)
    assert compat.fixture_name(f"_xunit_{name}_fixture_tests.test_a") == name
    assert compat.fixture_name("_unittest_setUpClass_fixture_Case") == "setUpClass"
    assert "_unittest_" in inspect.getsource(_pytest.unittest)
    assert compat.fixture_name(name) == name


def test_the_config_has_the_factory_of_temporary_paths(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    """The one that the fixtures have."""
    assert compat.temporary_paths(pytestconfig) is tmp_path_factory
    assert tmp_path.is_relative_to(tmp_path_factory.getbasetemp())


def test_a_report_of_collection_has_its_call() -> None:
    """Until the debugger was told."""
    assert "rep.call = call" in inspect.getsource(_pytest.runner.pytest_make_collect_report)


def test_xdist_has_a_session_of_its_own() -> None:
    """Under the name by which a controller is told from others."""
    assert '"dsession")' in source("xdist.plugin")


def test_a_worker_of_xdist_can_report() -> None:
    """What stands in its config reaches the controller's node; one that crashed is named in a report."""
    assert "config.workeroutput = " in source("xdist.remote")
    assert "self.workeroutput = " in source("xdist.workermanage")
    assert "rep.node = worker" in source("xdist.dsession")
