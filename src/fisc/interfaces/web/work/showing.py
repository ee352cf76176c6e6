"""What the page of a work item shows, and what can be done about it there."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms as fields
from django import http, shortcuts
from django.utils import timezone

from fisc.domain.accounts import queries as accounts
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.utilities.queries import bills, doubtful_reads, held, previews
from fisc.domain.work_items import queries
from fisc.interfaces.web import doors, languages
from fisc.interfaces.web.work import forms
from fisc.plumbing.users import queries as users

HELD: Final = "bill held"
READ: Final = "read"
RETURN: Final = "return"
UNPROCESSABLE: Final = 422

#: Lists of the city whose words stand in items, in English as they were raised.
_LISTS: Final = ("hold reason", "read remark")


@dataclasses.dataclass(frozen=True)
class CauseSeen:
    """The waiting items of one cause, and the first of them."""

    cause: queries.Cause
    first: queries.ItemSeen


@dataclasses.dataclass(frozen=True)
class Line:
    """All causes that give one reason, such as one kind of doubt on several days."""

    kind: str
    reason: str
    causes: Sequence[CauseSeen]

    @property
    def count(self) -> int:
        """Return how many items wait."""
        return sum(each.cause.count for each in self.causes)

    @property
    def due_on(self) -> datetime.date:
        """Return when the first of them is due."""
        return min(each.cause.due_on for each in self.causes)


def lines(causes: Sequence[queries.Cause]) -> list[Line]:
    """Return what waits, one line a reason, in the order of the most urgent cause of each."""
    firsts = {
        item.item_id: item
        for item in queries.items(item_ids=[cause.first_item_id for cause in causes])
    }
    by_reason: dict[tuple[str, str], list[CauseSeen]] = {}
    for cause in causes:
        if cause.first_item_id in firsts:
            seen = CauseSeen(cause=cause, first=firsts[cause.first_item_id])
            by_reason.setdefault((cause.kind, cause.reason), []).append(seen)
    city = city_words()
    return [
        Line(kind, city.get(reason, reason), seen) for (kind, reason), seen in by_reason.items()
    ]


def city_words() -> dict[str, str]:
    """Return the city's own words that stand in items, in the language of the page."""
    language = languages.current()
    return {
        code.label_en: code.label(language)
        for name in _LISTS
        for code in code_lists.codes_if_any(name).values()
    }


def in_city_words(items: Sequence[queries.ItemSeen]) -> list[queries.ItemSeen]:
    """Return items with the city's words in the language of the page."""
    city = city_words() if items else {}
    return [_in_city_words(item, city) for item in items]


def _in_city_words(item: queries.ItemSeen, city: Mapping[str, str]) -> queries.ItemSeen:
    if item.reason not in city:
        return item
    said = city[item.reason]
    words = str(item.detail.get("words", "")).replace(f": {item.reason}. ", f": {said}. ")
    detail = {**item.detail, "words": words} if words else item.detail
    return dataclasses.replace(item, reason=said, detail=detail)


def found(item_id: int, *, kind: str = "") -> queries.ItemSeen:
    """Return a work item, of a kind if one is named, or show that there is none."""
    try:
        item = queries.item(item_id=item_id)
    except queries.NoSuchItem as problem:
        raise http.Http404(str(problem)) from problem
    if kind and item.kind != kind:
        raise http.Http404(f"Work item {item_id} is no {kind}.")
    return item


def page(
    request: http.HttpRequest,
    item: queries.ItemSeen,
    *,
    move: forms.MoveForm | None = None,
    release: forms.ReleaseForm | None = None,
    read: forms.ReadForm | None = None,
    drop: forms.DropForm | None = None,
) -> http.HttpResponse:
    """Draw the page of an item; with a form that came back, it is an answer to an error."""
    item, *same = in_city_words([item, *queries.same_cause(cause_key=item.cause_key)])
    owner = users.names(user_ids={item.owner_id}).get(item.owner_id, "") if item.owner_id else ""
    given: list[fields.Form | None] = [move, release, read, drop]
    return shortcuts.render(
        request,
        "work/item.html",
        {
            "item": item,
            # The whole of a return has a page of its own.
            "facts": {} if _is_held_return(item) else item.detail,
            "is_held_return": _is_held_return(item),
            "return_problems": _return_problems(item),
            "is_mine": item.status == "taken" and item.owner_id == doors.person(request),
            "owner": owner,
            "same": [other for other in same if other.item_id != item.item_id],
            "accounts": names([item, *same]),
            "form": move or forms.MoveForm(user_id=doors.person(request)),
            "tomorrow": timezone.localdate() + datetime.timedelta(days=1),
            **_held(item, form=release),
            "drop_form": drop or forms.DropForm(),
            **_read(item, form=read),
        },
        status=UNPROCESSABLE if any(form and form.is_bound for form in given) else None,
    )


def _is_held_return(item: queries.ItemSeen) -> bool:
    return item.kind == RETURN and ("came" in item.detail or "cells" in item.detail)


def _return_problems(item: queries.ItemSeen) -> Sequence[str]:
    """Return everything wrong with a held return, in the language of the page."""
    found: Sequence[str] = item.detail.get("problems", {}).get(languages.current(), ())
    return found if item.kind == RETURN else ()


def names(items: Sequence[queries.ItemSeen]) -> dict[int, tuple[int, str]]:
    """Return number and name of the accounts that some items are about."""
    return accounts.names(
        account_ids=[item.subject_id for item in items if item.subject_kind == "account"]
        + [item.detail["account_id"] for item in items if "account_id" in item.detail]
    )


def _held(item: queries.ItemSeen, *, form: forms.ReleaseForm | None) -> dict[str, Any]:
    """Return the bill that an item holds: as it was, as it would go out now, and the one before."""
    if item.kind != HELD or item.status == "done":
        return {}
    try:
        bill = held.held_on(
            account_id=item.subject_id,
            bill_day=datetime.date.fromisoformat(item.detail["bill_day"]),
            language=languages.current(),
        )
    except held.NothingIsHeld as problem:
        return {"problem": str(problem)}
    now, problem_said = _as_released(bill)
    if form is None and now is not None:
        form = forms.ReleaseForm(initial={"seen_cents": now.total_cents})
    elif form is not None and now is not None:
        # What is shown again is what is decided about next.
        assert isinstance(form.data, http.QueryDict)
        form.data = form.data.copy()
        form.data["seen_cents"] = str(now.total_cents)
    earlier = bills.bills_of(account_id=item.subject_id, limit=5)
    return {
        "held": bill,
        "now": now,
        "problem": problem_said,
        "previous": next((each for each in earlier if not each.is_cancelled), None),
        "release_form": form if now is not None else None,
        "language": languages.current(),
    }


def _as_released(bill: held.Held) -> tuple[previews.Preview | None, str]:
    """Return the bill as it would go out now, or why it cannot."""
    try:
        now = previews.preview_released(
            account_id=bill.account_id,
            held_on=bill.bill_day,
            bill_day=timezone.localdate(),
            known_at=timezone.now(),
        )
    except (previews.NothingToBill, rule_tables.NoVersionForDate) as problem:
        return None, str(problem)
    return (None, now.problem) if now.problem else (now, "")


def _read(item: queries.ItemSeen, *, form: forms.ReadForm | None) -> dict[str, Any]:
    """Return the meter and the read that an item is about; nothing for a whole file."""
    meter, read_on = _meter_and_day(item)
    if item.kind != READ or item.status == "done" or read_on is None:
        return {}
    try:
        doubtful = doubtful_reads.doubtful(
            meter=meter,
            read_on=read_on,
            known_at=timezone.now(),
            language=languages.current(),
        )
    except rule_tables.NoVersionForDate as problem:
        return {"problem": str(problem)}
    came = item.detail.get("reading")
    return {
        "doubtful": doubtful,
        "came": came,
        "read_form": form
        or forms.ReadForm(initial={"meter": meter, "read_on": read_on, "reading": came}),
    }


def _meter_and_day(item: queries.ItemSeen) -> tuple[str, datetime.date | None]:
    if "read_on" in item.detail:
        return item.detail["meter"], datetime.date.fromisoformat(item.detail["read_on"])
    if item.subject_kind == "account" and "service" in item.detail and item.posting_day:
        # The read day of its cycle is the posting day of an item about a read that never came.
        service, day = item.detail["service"], item.posting_day
        account_id = item.subject_id
        return doubtful_reads.meter_of(account_id=account_id, service=service, day=day), day
    return "", None
