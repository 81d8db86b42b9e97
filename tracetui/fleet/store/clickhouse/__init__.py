"""ClickHouse: the table that the OpenTelemetry Collector fills, and the tables of facts beside it."""
