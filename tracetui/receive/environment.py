"""The environment of a command whose spans come to a receiver of ours."""

from collections.abc import Mapping
from pathlib import Path

from tracetui.receive.addresses import Address
from tracetui.tracing.otlp.exporters import RECEIVER

_OTHERS = ("OTEL_EXPORTER_OTLP_", "OTEL_CONFIG_FILE", "OTEL_EXPERIMENTAL_CONFIG_FILE")
"""What would send spans elsewhere, or the keys of another collector to us."""
_UNLESS_SET = {
    "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
    "OTEL_METRICS_EXPORTER": "none",  # They would be refused, and exporters would complain.
    "OTEL_BSP_SCHEDULE_DELAY": "500",  # By default 5000 ms, which is not live.
}


def environment(
    inherited: Mapping[str, str], where: Address, token: str, service: str, directory: Path
) -> dict[str, str]:
    """What SDKs read, so that they send to `where`; what they send is below the span that a parent names."""
    kept = {name: value for name, value in inherited.items() if not name.startswith(_OTHERS)}
    chosen = {name: inherited.get(name) or value for name, value in _UNLESS_SET.items()}
    endpoint = f"http://{where}"
    return (
        kept
        | chosen
        | {
            "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
            "OTEL_EXPORTER_OTLP_HEADERS": f"authorization=Bearer%20{token}",
            "OTEL_TRACES_EXPORTER": "otlp",
            "OTEL_SERVICE_NAME": inherited.get("OTEL_SERVICE_NAME") or service,
            "TRACETUI_DIR": str(directory),
            RECEIVER: endpoint,
        }
    )
