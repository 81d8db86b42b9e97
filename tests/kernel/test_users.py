"""Files of tests that use the kernel are told from those that do not."""

from pathlib import Path

from tests.tracing.recording import run_pytest_alone, write_suite

ROOT = Path(__file__).parents[2]
OPTIONS = ("-p", "tests.kernel.users")
USES = """
    from tracetui.kernel.scan import Scanner
    def test_reads():
        try: Scanner()
        except TypeError: pass
"""


def test_only_they_are_run_again(tmp_path: Path) -> None:
    """Those that read by it, those that start a process, and no others."""
    write_suite(
        tmp_path,
        test_reads=USES,
        test_starts="import subprocess\ndef test_starts(): subprocess.run(['true'], check=True)",
        test_neither="def test_neither(): pass",
    )
    env = {"PYTHONPATH": str(ROOT)}
    ran = run_pytest_alone(tmp_path, *OPTIONS, "--kernel-users=users", env=env)
    assert "3 passed" in ran.stdout, ran.stdout + ran.stderr
    assert sorted((tmp_path / "users").read_text().split()) == ["test_reads.py", "test_starts.py"]
    again = run_pytest_alone(tmp_path, *OPTIONS, "--of-kernel-users=users", env=env)
    assert "2 passed" in again.stdout, again.stdout + again.stderr
