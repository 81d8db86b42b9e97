"""The bytes of spans once more, for what no column holds: the values of one attribute, or a text anywhere."""
