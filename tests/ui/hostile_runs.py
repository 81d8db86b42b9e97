"""Recordings in which hostile text stands wherever foreign text can stand."""

import json

from tests.builders import T0, Json, S, case, document, exception, key_values, line, log_line, span


def hostile_run(*texts: str) -> bytes:
    """A run in which each of `texts` stands wherever foreign text can stand."""
    spans: list[Json] = []
    for place, text in enumerate(texts):
        at = T0 + place * S
        told = {text: text, "list": [text, {text: text}], "pytest.xdist.worker": text}
        suite = span(
            text, {"tracetui.span.role": "suite", "test.suite.name": text, **told}, start=at, end=at + S
        )
        event = exception(text, text, stacktrace=f"{text}\n{text}")
        link = {"traceId": "f" * 32, "spanId": "e" * 16, "attributes": event["attributes"]}
        test = case(text, "failed", start=at + 1, end=at + 9, parent=suite, message=text)
        test |= {"events": [event, event | {"name": text}], "links": [link]}
        test["attributes"] += suite["attributes"][2:]
        running = case(text, "", start=at + 2, end=0, parent=suite)
        spans += [suite, test, running]
    resource = dict.fromkeys(texts, "\n".join(texts))
    return json.dumps(document(*spans, scope="".join(texts), resource=resource)).encode() + b"\n"


def hostile_failures(texts: tuple[str, ...]) -> bytes:
    """Failures in which each of `texts` stands wherever the failures screen shows foreign text."""
    spans: list[Json] = []
    logs: list[Json] = []
    for place, text in enumerate(texts):
        at = T0 + place * S
        stack = f'{text}\n  File "{text}", line 3, in {text}\n    {text}\n    at {text} ({text}:1:2)\n{text}'
        test = case(text, "failed", text, start=at, end=at + S, message=text)
        test["attributes"] += key_values({"tracetui.owner": text, "code.file.path": text})
        kept = {
            "tracetui.span.role": "archiver",
            "tracetui.archive.path": text,
            "tracetui.archive.left_out": [text],
        }
        hook = {"tracetui.span.role": "hook", "pytest.outcome": "failed"}
        spans += [
            test | {"events": [exception(text, text, at=at, stacktrace=stack)]},
            span(text, kept, start=at, parent=test, status=2, message=text),
            span(f"hook {text}", hook, start=at, parent=test, status=2, message=f"hook {text}"),
        ]
        told = key_values({"tracetui.captured": text, "pytest.when": text, text: text})
        ids = {"traceId": test["traceId"], "spanId": test["spanId"], "timeUnixNano": str(at)}
        logs.append(ids | {"body": {"stringValue": f"{text}\n\t{text}"}, "attributes": told})
    return line(*spans) + log_line(*logs)
