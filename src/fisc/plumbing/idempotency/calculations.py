"""What two askings must share to be one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def content_sha256(content: Mapping[str, Any]) -> bytes:
    """Return a hash of what is asked: equal for equal content, whatever the order of its names."""
    text = json.dumps(content, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()
