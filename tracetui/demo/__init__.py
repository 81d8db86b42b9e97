"""A small real test suite, for `tracetui demo` to run, trace and watch."""
