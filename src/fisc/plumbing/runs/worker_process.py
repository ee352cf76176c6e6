"""How a worker process begins and ends; imports no model, for Django is not loaded yet."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import threading
from collections.abc import Mapping
from typing import Any

import django
from django.db import connection


def begin(settings: Mapping[str, Any]) -> None:
    """Load Django in a new process and point it at its parent's database."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    django.setup()
    connection.settings_dict.update(settings)


def _end_with_parent() -> None:
    """End at once when the parent is gone, so that no chunk goes on without a coordinator."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
