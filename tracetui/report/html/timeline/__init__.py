"""What ran when, drawn as SVG: lanes, the critical path, the waterfall, on axes that zoom together."""
