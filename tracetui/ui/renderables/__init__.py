"""Drawing as plain functions: values in, strips and content out; every foreign text goes through `text`."""
