from __future__ import annotations

from tests.architecture import source

# A page is handed the person who is signed in, and may say so in its types.
SIGNED_IN = ("plumbing", "users")


def test_only_a_subject_imports_its_own_models() -> None:
    strangers = [
        f"{file.name}:{line} imports {module}"
        for file in source.own_files()
        for line, module in source.imported_modules(file)
        if (owner := owner_of_models(module)) and file.place[: len(owner)] != owner
        if not (owner == SIGNED_IN and file.place[0] == "interfaces")
    ]

    assert strangers == []


def owner_of_models(module: str) -> tuple[str, ...]:
    """Return the rooms of the subject whose models a module is, or none."""
    parts = module.split(".")
    if parts[0] != "fisc" or "models" not in parts:
        return ()
    return tuple(parts[1 : parts.index("models")])
