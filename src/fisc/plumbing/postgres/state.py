"""What the supervisor last said of its server."""

from __future__ import annotations

import dataclasses
import json

from fisc.plumbing.postgres import places

STARTING = "starting"
SERVING = "serving"
STOPPING = "stopping"
FAILED = "failed"


@dataclasses.dataclass(frozen=True)
class State:
    name: str
    message: str


def write(place: places.Place, *, name: str, message: str) -> None:
    """Replace the state in one step, so that a reader never sees half of it."""
    making = place.state.with_suffix(".making")
    making.write_text(json.dumps({"name": name, "message": message}))
    making.rename(place.state)


def read(place: places.Place) -> State | None:
    """Return what was last said, or None before anything was."""
    try:
        return State(**json.loads(place.state.read_text()))
    except FileNotFoundError:
        return None


def clear(place: places.Place) -> None:
    """Forget what an earlier supervisor said."""
    place.state.unlink(missing_ok=True)
