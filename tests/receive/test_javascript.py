"""OpenTelemetry's SDK for JavaScript sends over HTTP, as JSON and as protobuf, compressed or not."""

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.npm import MODULES, needs
from tests.processes import PATIENCE_S
from tests.receive.asking import FREE, names, text_of
from tracetui.receive.environment import environment
from tracetui.receive.receiving import Receiver, receiving

pytestmark = [needs("@opentelemetry/sdk-trace-node")]
SPANS = 3000

PROGRAM = """
const { context, trace, SpanStatusCode } = require('@opentelemetry/api')
const { NodeTracerProvider, BatchSpanProcessor } = require('@opentelemetry/sdk-trace-node')
const { OTLPTraceExporter } = require(process.argv[2])
const exporter = new OTLPTraceExporter({ compression: process.argv[3] })
const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] })
const tracer = provider.getTracer('t', '1.0')
const attributes = { text: 'ä\\u{1f600}', whole: 5, half: 0.5, yes: true, list: ['a', 'b'] }
const root = tracer.startSpan('root', { attributes })
const below = trace.setSpan(context.active(), root)
const run = async () => {
  for (let number = 0; number < Number(process.argv[4]); number++) {
    tracer.startSpan(`s${number}`, {}, below).end()
    if (number % 500 === 499) await provider.forceFlush()
  }
  root.recordException(new TypeError('bad'))
  root.setStatus({ code: SpanStatusCode.ERROR, message: 'so' })
  root.end()
  await provider.shutdown()
}
run()
"""


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(tmp_path / "spans", None, FREE, "secret") as made:
        yield made


def values(pairs: list[dict[str, Any]]) -> dict[str, Any]:
    """Attributes by key, as they stand there."""
    return {pair["key"]: next(iter(pair["value"].values())) for pair in pairs}


@pytest.mark.parametrize("compression", ["none", "gzip"])
@pytest.mark.parametrize("protocol", ["http", "proto"])
def test_what_its_exporters_send(tmp_path: Path, receiver: Receiver, protocol: str, compression: str) -> None:
    """With nothing set but the environment: each span once, and all that is said of it."""
    variables = environment(os.environ, receiver.addresses["http"], "secret", "node", tmp_path)
    package = f"@opentelemetry/exporter-trace-otlp-{protocol}"
    ran = subprocess.run(
        ["node", "-e", PROGRAM, "-", package, compression, str(SPANS)],
        env=variables | {"NODE_PATH": str(MODULES)},
        cwd=tmp_path,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")
    assert names(tmp_path / "spans") == Counter(["root", *(f"s{number}" for number in range(SPANS))])
    tally = receiver.intake.tally
    assert (tally.spans, tally.rejected, tally.busy, tally.unauthorized) == (SPANS + 1, 0, 0, 0)
    group = json.loads(text_of(tmp_path).splitlines()[-1])["resourceSpans"][0]
    root = group["scopeSpans"][0]["spans"][-1]
    assert values(group["resource"]["attributes"])["telemetry.sdk.language"] == "nodejs"
    assert values(root["attributes"]) == {
        "text": "ä\U0001f600",
        "whole": "5",
        "half": 0.5,
        "yes": True,
        "list": {"values": [{"stringValue": "a"}, {"stringValue": "b"}]},
    }
    assert root["status"] == {"code": 2, "message": "so"}
    assert values(root["events"][0]["attributes"])["exception.message"] == "bad"
