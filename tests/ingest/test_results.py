"""Results of tests as recordings: what is read beside what, which files are one run, what times are told."""

import gzip
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.builders import S, case, line
from tests.formats.results.reading import DATA
from tests.ingest.reading import drain
from tracetui.analysis.study.findings import Findings, study
from tracetui.errors import InputError
from tracetui.ingest import Ingest, load
from tracetui.ingest.loading import read_to_end
from tracetui.model.kind import Kind
from tracetui.model.role import Outcome

NOW = 1_800_000_000 * S
SUITE = '<testsuite name="{0}" time="{2}" {3}>{1}</testsuite>\n'


def found(*paths: Path) -> Findings:
    """The findings of some files."""
    ingest = load([str(path) for path in paths])
    try:
        return study(ingest.table.snapshot(), NOW)
    finally:
        ingest.close()


def write(path: Path, *tests: str, at: str = "", took: int = 1) -> Path:
    """A file of one suite with some tests, of a day or none."""
    cases = "".join(f'<testcase classname="{path.stem}" name="{test}" time="0.5"/>' for test in tests)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SUITE.format(path.stem, cases, took, f'timestamp="{at}"' if at else ""))
    return path


def test_results_are_a_run_without_length() -> None:
    """Tests, outcomes and durations; no lane, no stall, no wall time."""
    findings = found(DATA / "pytest-9.2.0.xml")
    summary = findings.summary
    assert (summary.name, summary.state, summary.tests, summary.outcome) == (
        "pytest", "ended", 6, Outcome.FAILED
    )  # fmt: skip
    assert summary.start_ns == summary.end_ns > 10**18
    assert findings.no_timeline == "no times of day: pytest-9.2.0.xml holds results, not a timeline"
    assert (findings.lanes.lanes, findings.overview.still, findings.overview.start_ns) == ((), (), 0)
    assert [rank.name for rank in findings.rank().sorted("own_ns", descending=True)][:1] == [
        "test_a.TestDepot::test_opens"
    ]
    assert not findings.has_place(0)


def test_own_times_of_suites_are_what_no_test_has() -> None:
    """Nothing is known of overlaps: what remains of a suite without the sum of its tests."""
    findings = found(DATA / "surefire.xml")
    suite = int(np.flatnonzero(findings.tree.parent < 0)[0])
    tests = findings.times.total[findings.tree.parent == suite]
    assert findings.times.own[suite] == findings.times.total[suite] - tests.sum() == 749_000_000


def test_times_that_are_known_have_a_timeline() -> None:
    """GoogleTest, nextest and Go: like any trace."""
    for name in ("googletest.xml", "nextest.xml", "go-1.19.8.json"):
        findings = found(DATA / name)
        assert findings.no_timeline == ""
        assert findings.lanes.lanes
        assert findings.summary.end_ns > findings.summary.start_ns
        assert findings.clocks is None


def test_a_package_that_could_not_be_built_is_a_failure() -> None:
    """Though it is in a suite whose other packages have failed tests."""
    findings = found(DATA / "go-1.19.8.json")
    failed = {findings.title(row) for row in findings.overview.failed.tolist()}
    assert "example.com/fleet/depot/broken" in failed
    assert [findings.title(row) for row in findings.overview.broken.tolist()] == [
        "example.com/fleet/depot/broken"
    ]


def test_files_that_follow_each_other_are_one_run(tmp_path: Path) -> None:
    """A build writes one for each class; an hour later is another build, and so is the same test."""
    write(tmp_path / "a/TEST-A.xml", "one", at="2026-11-29T08:00:00", took=300)
    write(tmp_path / "b/TEST-B.xml", "two", at="2026-11-29T08:05:10", took=60)
    write(tmp_path / "c/TEST-C.xml", "three", at="2026-11-29T09:05:10")
    again = write(tmp_path / "d/TEST-A.xml", "one", at="2026-11-29T08:05:00")
    findings = found(tmp_path)
    runs = [findings.chosen(int(key)) for key in findings.runs.key]
    tests = [sorted(one.title(row) for row in one.tests.tolist()) for one in runs]
    assert sorted(tests) == [["TEST-A::one"], ["TEST-A::one", "TEST-B::two"], ["TEST-C::three"]]
    assert runs[0].no_timeline == "no times of day: TEST-C.xml holds results, not a timeline"
    whole = next(one for one, names in zip(runs, tests, strict=True) if len(names) > 1)
    assert whole.no_timeline.endswith(" and 1 more file hold results, not a timeline")
    assert again.exists()


def test_files_without_a_date_are_one_run(tmp_path: Path) -> None:
    """Unless a test is in two of them."""
    for name in "abc":
        write(tmp_path / f"{name}/{name}.xml", "t")
    assert len(found(tmp_path).runs) == 1
    write(tmp_path / "d/a.xml", "t", took=2)
    findings = found(tmp_path)
    assert len(findings.runs) == 2
    assert {run.tests for run in findings.runs} == {1, 3}


def test_beside_spans_results_are_not_read(tmp_path: Path) -> None:
    """Whatever is read first: both tell of the same run, and every test would count twice."""
    spans = tmp_path / "spans.jsonl"
    spans.write_bytes(line(case("t")))
    results = write(tmp_path / "a.xml", "t")
    for paths in ([str(tmp_path)], [str(results), str(spans)], [str(spans), str(results)]):
        ingest = read_to_end(paths)
        assert len(ingest.table) == 1
        assert ingest.table.snapshot().health.count(Kind.NO_TRACE) == 1
        ingest.close()
    with pytest.raises(InputError, match=r"a\.xml: not a trace: this is JUnit XML: .*open it alone"):
        load([str(spans), str(results)])


def test_followed_directories_leave_results(tmp_path: Path) -> None:
    """They have no present; whoever watches a directory sees the spans in it."""
    write(tmp_path / "a.xml", "t")
    ingest = Ingest([str(tmp_path)], follow=True)
    for _ in range(3):
        drain(ingest)
    assert (len(ingest.table), ingest.table.snapshot().health.count(Kind.NO_TRACE)) == (0, 1)
    ingest.close()


def test_compressed_and_in_archives(tmp_path: Path) -> None:
    """As CI systems keep them, in any encoding."""
    data = (DATA / "surefire.xml").read_bytes()
    (tmp_path / "a.xml.gz").write_bytes(gzip.compress(data))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("reports/surefire.xml", data)
    (tmp_path / "c.xml").write_bytes(data.decode().replace("UTF-8", "UTF-16").encode("utf-16"))
    for path in sorted(tmp_path.iterdir()):
        findings = found(path)
        assert findings.summary.tests == 5
        assert findings.no_timeline.startswith("no times of day: ")
        assert findings.summary.reruns == 3


def test_many_documents_stay_apart_from_each_other(tmp_path: Path) -> None:
    """Two runs with the same tests and the same times are two."""
    for number in range(2):
        write(tmp_path / f"{number}.xml", "t", at=f"2026-11-2{number}T08:00:00")
    ingest = load([str(tmp_path)])
    assert ingest.table.snapshot().health.count(Kind.DUPLICATE) == 0
    assert len(ingest.table) == 4
    ingest.close()
