"""The resource of a program that we trace."""

from __future__ import annotations

import os
import platform

from opentelemetry.sdk.resources import Resource

from tracetui.tracing.about.ci import ci_attributes


def resource_of(service_name: str) -> Resource:
    """Service, host, process and CI run; `OTEL_RESOURCE_ATTRIBUTES` and resource detectors add to them."""
    detected = Resource.create({"service.name": service_name})
    # What a user says of a run in the environment is better than what we can guess.
    guessed = Resource({**ci_attributes(os.environ), "host.name": platform.node()})
    return guessed.merge(this_process()).merge(detected)


def this_process() -> Resource:
    """What differs between a process and those it forks."""
    return Resource({"process.pid": os.getpid()})
