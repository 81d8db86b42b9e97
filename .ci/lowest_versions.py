"""Prints each dependency that pyproject.toml declares, pinned to the lowest version that it allows."""

import re
import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
for declared in project["dependencies"]:
    requirement, _, marker = declared.partition(";")
    lowest = re.fullmatch(r"\s*([\w.-]+)\s*>=([\w.]+).*", requirement)
    if lowest is None:
        raise SystemExit(f"{declared}: no lower bound; write name>=version")
    print(f"{lowest[1]}=={lowest[2]}" + (f" ;{marker}" if marker else ""))
