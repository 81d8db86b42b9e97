"""The questions of a fleet in SQL that was written by hand: what an engineer would write for one engine."""

from typing import NamedTuple

from tests.fleet.engines import BASE, NEW


class Dialect(NamedTuple):
    """How an engine says what they do not all say alike."""

    quantiles: str
    median: str
    runs: str


DIALECTS = {
    "duckdb": Dialect("quantile_disc(own_ns, [0.5, 0.95])", "median(d)", "count(DISTINCT (run, attempt))"),
    "clickhouse": Dialect(
        "quantilesExactLow(0.5, 0.95)(own_ns)", "quantileExact(0.5)(d)", "count(DISTINCT run, attempt)"
    ),
    "spark": Dialect(
        "percentile(own_ns, array(0.5, 0.95))", "percentile(d, 0.5)", "count(DISTINCT run, attempt)"
    ),
}
TESTS = "role = 'test' AND outcome <> 'skipped' AND own_ns >= 0 AND total_ns >= 0"
CORE = "total_ns::DOUBLE * coalesce(nullif(cores, 0), 1) / coalesce(nullif(jobs, 0), 1)"


def by_hand(engine: str, table: str = "test_facts") -> dict[str, str]:
    """By question the statement for an engine over a table of facts; exact quantiles where ours are of
    buckets.
    """
    say = DIALECTS[engine]
    return {
        "slowest": f"""
            SELECT test, {say.runs} AS runs, count(*) AS n,
                   count(*) FILTER (WHERE outcome IN ('failed', 'error')) AS failed,
                   sum(own_ns)::BIGINT AS total, {say.quantiles} AS p, max(own_ns) AS longest,
                   sum({CORE}) AS core
            FROM {table} WHERE {TESTS} GROUP BY test""",
        "hooks": f"""
            SELECT hook, role, {say.runs} AS runs, count(*) AS n,
                   sum(own_ns)::BIGINT AS total, {say.quantiles} AS p,
                   max(own_ns) AS longest, sum({CORE}) AS core
            FROM {table} WHERE role IN ('hook', 'fixture') AND own_ns >= 0 GROUP BY hook, role""",
        "cost": f"""
            SELECT owner, {say.runs} AS runs, count(*) AS n, sum(own_ns)::BIGINT AS own,
                   sum(total_ns)::BIGINT AS total, sum({CORE}) AS core
            FROM {table} WHERE {TESTS} GROUP BY owner""",
        "flaky": f"""
            WITH cells AS (
              SELECT test, suite, task, variant, revision,
                     count(*) FILTER (WHERE outcome = 'passed') AS passed,
                     count(*) FILTER (WHERE outcome <> 'passed') AS failed,
                     min(start_ns) AS oldest, max(start_ns) AS newest,
                     min(run) FILTER (WHERE outcome = 'passed') AS good,
                     min(run) FILTER (WHERE outcome <> 'passed') AS bad
              FROM {table}
              WHERE {TESTS} AND outcome IN ('passed', 'failed', 'error') AND revision <> ''
              GROUP BY test, suite, task, variant, revision)
            SELECT * FROM cells WHERE test IN (SELECT test FROM cells WHERE failed > 0)""",
        "stats": f"""
            SELECT date, repository, variant, task, test, request,
                   count(*) FILTER (WHERE outcome = 'passed') AS num_pass,
                   count(*) FILTER (WHERE outcome <> 'passed') AS num_fail,
                   sum(own_ns) FILTER (WHERE outcome = 'passed') AS total_pass_duration_ns
            FROM {table} WHERE {TESTS} AND outcome IN ('passed', 'failed', 'error')
            GROUP BY date, repository, variant, task, test, request""",
        "regress": _regress(say, table),
    }


def _regress(say: Dialect, table: str) -> str:
    return f"""
        WITH value AS (
          SELECT test, suite, variant, task, run, attempt, avg(ln(own_ns + 1)) AS took,
                 min(start_ns) >= {NEW.since_ns} AS is_new
          FROM {table}
          WHERE {TESTS} AND outcome = 'passed' AND reruns = 0
            AND start_ns >= {BASE.since_ns} AND start_ns < {NEW.until_ns}
          GROUP BY test, suite, variant, task, run, attempt),
        beyond AS (SELECT *, took - avg(took) OVER (PARTITION BY test, suite, variant) AS d FROM value),
        free AS (
          SELECT *, d - {say.median} OVER (PARTITION BY variant, task, run, attempt) AS f FROM beyond),
        ranked AS (
          SELECT *, rank() OVER (PARTITION BY test, suite, variant ORDER BY f)
                 + (count(*) OVER (PARTITION BY test, suite, variant, f) - 1) / 2 AS r
          FROM free)
        SELECT test, suite, variant, count(*) AS n, count(*) FILTER (WHERE is_new) AS n_new,
               sum(r) FILTER (WHERE is_new) AS ranks,
               avg(f) FILTER (WHERE is_new) - avg(f) FILTER (WHERE NOT is_new) AS effect,
               sum(f * f) AS squares, sum(f * f) FILTER (WHERE is_new) AS new_squares,
               sum(f) FILTER (WHERE is_new) AS new_log
        FROM ranked GROUP BY test, suite, variant"""
