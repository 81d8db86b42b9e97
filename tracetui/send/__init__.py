"""Sends recordings to a collector: OTLP over gRPC or HTTP, at least once, from where the last call
stopped.
"""
