"""What tests need from npm (`package.json` here): viewers of other people, and test runners.

`NPM_PACKAGES` names the directory where it is installed, by default this one. Where it is not, they skip.
"""

import os
from pathlib import Path

import pytest

MODULES = Path(os.environ.get("NPM_PACKAGES", Path(__file__).parent)).absolute() / "node_modules"
INSTALL = "npm install --prefix tests/npm --no-package-lock"


def needs(package: str) -> pytest.MarkDecorator:
    """A mark that skips a test where a package is missing."""
    is_missing = not (MODULES / package / "package.json").is_file()
    return pytest.mark.skipif(is_missing, reason=f"no {package} here: {INSTALL}")
