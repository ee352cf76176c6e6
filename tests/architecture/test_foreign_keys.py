from __future__ import annotations

from django.apps import apps

from tests.architecture import ranks


def test_foreign_keys_point_down() -> None:
    rank = ranks.of_apps()

    uphill = [
        f"{field} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model.__module__.startswith("fisc.")
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
        if (there := field.related_model._meta.app_label) != (here := model._meta.app_label)
        if rank[there] >= rank[here]
    ]

    assert uphill == []


def test_the_ledger_sits_below_the_till() -> None:
    rank = ranks.of_apps()

    assert rank["ledger"] < rank["receivables"] < rank["payments"] < rank["cashiering"]
