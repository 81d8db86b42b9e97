"""Faults of the disk below Python, one write in seven: what is lost is counted, and no line is torn."""

from __future__ import annotations

import errno
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.tracing.recording import run_python, spans_in

# Stands before the C library's: of the writes to files one in seven goes wrong as `FAULT` says.
SHIM = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
ssize_t write(int file, const void *data, size_t size) {
    static ssize_t (*real)(int, const void *, size_t);
    static int calls;
    struct stat status;
    const char *fault = getenv("FAULT");
    if (!real) real = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    if (!fault || fstat(file, &status) || !S_ISREG(status.st_mode) || ++calls % 7)
        return real(file, data, size);
    if (!atoi(fault)) return real(file, data, size / 2 + 1);
    errno = atoi(fault);
    return -1;
}
"""
SHORT = 0
HARMLESS = ("a short write", "EINTR")
FAULTS = {
    "a short write": SHORT,
    "EINTR": errno.EINTR,
    "ENOSPC": errno.ENOSPC,
    "EIO": errno.EIO,
    "EDQUOT": errno.EDQUOT,
    "EROFS": errno.EROFS,
}


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shim, compiled."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler")
    library = tmp_path_factory.mktemp("shim") / "shim.so"
    command = [compiler, "-shared", "-fPIC", "-xc", "-", "-o", str(library), "-ldl"]
    subprocess.run(command, input=SHIM.encode(), check=True)
    return library


@pytest.mark.parametrize("fault", FAULTS)
def test_one_write_in_seven_goes_wrong(tmp_path: Path, shim: Path, fault: str) -> None:
    """Of 7,000 spans none is lost to a short or interrupted write, and else a seventh, all counted."""
    result = run_python(
        f"""
        import os
        from tracetui.tracing import set_up_tracing
        with set_up_tracing("spans", service_name="s") as tracing:
            with tracing.tracer.start_as_current_span("root", context=tracing.context):
                os.environ["FAULT"] = "{FAULTS[fault]}"
                for number in range(7_000):
                    tracing.tracer.start_span(f"{{number}}").end()
                del os.environ["FAULT"]
        print(tracing.spans_written, tracing.spans_lost)
        """,
        tmp_path,
        {"LD_PRELOAD": str(shim)},
    )
    assert result.returncode == 0, result.stderr
    written, lost = map(int, result.stdout.split())
    spans = spans_in(tmp_path / "spans")
    assert len({span.name for span in spans}) == len(spans) == written == 7_001 - lost
    assert (lost == 0) if fault in HARMLESS else (900 < lost <= 1_001)
    assert len(result.stderr.splitlines()) == (2 if lost else 0)
