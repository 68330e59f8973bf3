"""The town, which the tests of the pages read."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

# Test folders are no packages; this makes ``import town`` work here and for the browser.
spec = importlib.util.spec_from_file_location("town", Path(__file__).with_name("town.py"))
assert spec
assert spec.loader
sys.modules["town"] = module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
built, town = module.built, module.town
