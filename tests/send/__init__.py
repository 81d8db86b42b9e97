"""Recordings to receivers that nobody here wrote: gRPC's own server, and HTTP parsed by protobuf."""
