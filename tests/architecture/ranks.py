"""How high each Django app sits, read from the import contracts so that there is one list."""

from __future__ import annotations

import configparser

from django.apps import apps

from tests.architecture import source


def layers(contract: str) -> list[list[str]]:
    """Return the layers of one contract, the highest first."""
    found = configparser.ConfigParser()
    found.read(source.CHECKOUT / ".importlinter")
    lines = found[f"importlinter:contract:{contract}"]["layers"].split("\n")
    named = [line.replace("(", "").replace(")", "").split("|") for line in lines if line.strip()]
    return [[name.strip() for name in layer] for layer in named]


def of_apps() -> dict[str, int]:
    """Return a rank for each installed app; a foreign key points at a lower one."""
    found = {}
    for config in apps.get_app_configs():
        parts = config.name.split(".")
        own = parts[0] == "fisc"
        found[config.label] = _rank(floor=parts[1], room=parts[2]) if own else 0
    return found


def _rank(*, floor: str, room: str) -> int:
    base, contract = {
        "plumbing": (100, "plumbing"),
        "domain": (200, "subjects"),
        "processes": (300, "processes"),
        "interfaces": (400, "interfaces"),
    }[floor]
    from_below = enumerate(reversed(layers(contract)))
    return base + next(height for height, layer in from_below if room in layer)
