"""What a work item asks for is done on its own page, and the item is done by it."""

from __future__ import annotations

import dataclasses
import re

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from fisc.domain.utilities import models
from fisc.domain.utilities.operations import calculation
from fisc.domain.utilities.queries import previews
from fisc.domain.work_items import models as work
from fisc.domain.work_items import operations as work_items
from fisc.plumbing import transactions
from fisc.plumbing.runs import operations as runs
from fisc.plumbing.users import choices as groups
from fisc.plumbing.users import queries as users
from tests.browser import city
from tests.factories import users as people

SEEN = re.compile(r'name="seen_cents" value="(\d+)"')
WHY = "I read it again on the telephone"

# Metered places that were billed a little and not read today, with the last reading of each.
PLACES = """
    select agreement.account_id, point.id, register.id, point.service, last.reading, meter.number
    from utilities_service_agreement agreement
    join utilities_service_point point on point.id = agreement.service_point_id
    join utilities_meter_installation installed on installed.service_point_id = point.id
    join utilities_meter meter on meter.id = installed.meter_id
    join utilities_register register on register.meter_id = meter.id
    join lateral (select reading, read_on from utilities_read read
        where read.register_id = register.id order by read_on desc, id desc limit 1) last on true
    where last.read_on < %(today)s and installed.ends_before is null
        and agreement.ends_before is null and exists (
            select from utilities_bill bill where bill.account_id = agreement.account_id
                and bill.bill_day = %(today)s and bill.total_cents < 40000)
        and agreement.account_id not in (
        select account_id from utilities_held_bill where bill_day = %(today)s)
    order by agreement.account_id, point.service
"""


@dataclasses.dataclass(frozen=True)
class Place:
    account_id: int
    point_id: int
    register_id: int
    service: str
    reading: int
    meter: str


def places() -> list[Place]:
    """Return the meters that can still be read today."""
    with connection.cursor() as cursor:
        cursor.execute(PLACES, {"today": city.today()})
        return [Place(*row) for row in cursor.fetchall()]


def home() -> list[Place]:
    """Return the meters of the first account that has both services."""
    rows = places()
    for each in rows:
        mine = [one for one in rows if one.account_id == each.account_id]
        if {one.service for one in mine} == {"water", "electric"}:
            return mine
    raise AssertionError("the city has no account that is left to be held")


def held_item() -> work.WorkItem:
    """Read far too much electricity at a place and calculate its bill, as a run does."""
    mine = home()
    for place in mine:
        models.Read.objects.create(
            register_id=place.register_id,
            service_point_id=place.point_id,
            read_on=city.today(),
            reading=place.reading + (9000 if place.service == "electric" else 50),
            kind=1,
            recorded_at=timezone.now(),
        )
    account_id = mine[0].account_id
    run_id = runs.start_run(
        kind=f"hold {account_id}",
        posting_day=city.today(),
        instant=timezone.now(),
        steps=["all"],
        held_by="test",
    ).run_id
    with transactions.started():
        calculation.calculate_chunk(
            scope=previews.scope_of(account_id=account_id, bill_day=city.today()),
            of=calculation.Of(run_id=run_id, chunk=0, at=timezone.now(), posting_day=city.today()),
        )
    raised = work.WorkItem.objects.get(subject_id=account_id, run_id=run_id)
    assert raised.kind == calculation.HELD, raised.reason
    return raised


def read_item(place: Place, *, reading: int) -> work.WorkItem:
    """Raise what a refused row of a file of reads raises."""
    key = f"read file test: {place.meter} {reading}"
    with transactions.started():
        work_items.raise_items(
            items=[
                work_items.NewItem(
                    kind="read",
                    reason="more than twice the usual use",
                    cause_key=key,
                    subject_kind="read file row",
                    subject_id=7,
                    due_on=city.today(),
                    detail={
                        "meter": place.meter,
                        "read_on": city.today().isoformat(),
                        "reading": reading,
                    },
                )
            ],
            at=timezone.now(),
        )
    return work.WorkItem.objects.get(cause_key=key)


def taken(item: work.WorkItem, browser: Client) -> str:
    """Take an item on its page and return its address."""
    browser.post(f"/work/{item.id}/take/")
    return f"/work/{item.id}/"


def bills_of_today(item: work.WorkItem) -> list[models.Bill]:
    """Return the bills of an item's account that were made today, the newest first."""
    rows = models.Bill.objects.filter(account_id=item.subject_id, bill_day=city.today())
    return list(rows.order_by("-starts_on"))


def status(item: work.WorkItem) -> str:
    return work.WorkItem.objects.values_list("status", flat=True).get(id=item.id)


def seen_cents(browser: Client, address: str) -> str:
    found = SEEN.search(browser.get(address).content.decode())
    assert found is not None, "the page offers no release"
    return found[1]


@pytest.fixture
def cashier(supervisor: Client) -> Client:
    """A browser in which the cashier is signed in."""
    del supervisor
    username, _ = city.SIGN_INS[groups.GroupName.CASHIER.value]
    return people.browser_of(users.user_id(username=username))


@pytest.fixture
def projects(supervisor: Client) -> Client:
    """A browser of somebody who may take work, and neither release bills nor enter reads."""
    del supervisor
    username, _ = city.SIGN_INS[groups.GroupName.PROJECTS_COORDINATOR.value]
    return people.browser_of(users.user_id(username=username))


class TestAHeldBill:
    def test_says_why_it_is_held_and_what_it_would_be(self, supervisor: Client) -> None:
        item = held_item()

        page = supervisor.get(taken(item, supervisor)).content.decode()

        held = models.HeldBill.objects.get(account_id=item.subject_id, bill_day=city.today())
        assert "The bill is more than twice the one before" in page
        assert f"${held.total_cents / 100:,.2f}" in page
        assert "The bill before" in page
        assert "Release this bill" in page

    def test_is_released_with_a_reason_and_the_item_is_done(self, supervisor: Client) -> None:
        item = held_item()
        address = taken(item, supervisor)

        answer = supervisor.post(
            f"{address}release/", {"why": WHY, "seen_cents": seen_cents(supervisor, address)}
        )

        bill = bills_of_today(item)[0]
        assert answer["Location"] == f"/bills/{bill.number}/"
        held = models.HeldBill.objects.get(account_id=item.subject_id, bill_day=city.today())
        assert (held.status, held.settled_why) == ("released", WHY)
        assert status(item) == "done"

    def test_is_released_once_when_it_is_asked_twice(self, supervisor: Client) -> None:
        item = held_item()
        address = taken(item, supervisor)
        form = {"why": WHY, "seen_cents": seen_cents(supervisor, address)}
        before = len(bills_of_today(item))

        supervisor.post(f"{address}release/", form)
        again = supervisor.post(f"{address}release/", form, follow=True)

        assert "Nothing was done again" in again.content.decode()
        assert len(bills_of_today(item)) == before + 1

    def test_stays_held_without_a_reason(self, supervisor: Client) -> None:
        item = held_item()
        address = taken(item, supervisor)

        answer = supervisor.post(
            f"{address}release/", {"why": "", "seen_cents": seen_cents(supervisor, address)}
        )

        assert answer.status_code == 422
        assert "Say why the bill is right." in answer.content.decode()
        assert status(item) == "taken"

    def test_stays_held_when_it_is_not_what_was_seen(self, supervisor: Client) -> None:
        item = held_item()
        address = taken(item, supervisor)
        now, before = seen_cents(supervisor, address), bills_of_today(item)

        answer = supervisor.post(f"{address}release/", {"why": WHY, "seen_cents": "100"})

        assert answer.status_code == 422
        assert "not $1.00" in answer.content.decode()
        assert f'name="seen_cents" value="{now}"' in answer.content.decode()
        assert bills_of_today(item) == before

    def test_is_dropped_with_a_reason_and_its_days_wait_for_the_next_bill(
        self, supervisor: Client
    ) -> None:
        item = held_item()
        address = taken(item, supervisor)
        before = bills_of_today(item)

        answer = supervisor.post(f"{address}drop/", {"why_not": WHY}, follow=True)

        assert "next bill" in answer.content.decode()
        assert status(item) == "done"
        dropped = models.HeldBill.objects.get(account_id=item.subject_id, bill_day=city.today())
        assert (dropped.status, dropped.settled_why) == ("dropped", WHY)
        assert bills_of_today(item) == before
        waiting = previews.preview(
            account_id=item.subject_id, bill_day=city.today(), known_at=timezone.now()
        )
        assert waiting.total_cents == dropped.total_cents

    def test_is_not_dropped_without_a_reason_nor_after_its_release(
        self, supervisor: Client
    ) -> None:
        item = held_item()
        address = taken(item, supervisor)
        form = {"why": WHY, "seen_cents": seen_cents(supervisor, address)}
        before = len(bills_of_today(item))

        unsaid = supervisor.post(f"{address}drop/", {"why_not": ""})
        supervisor.post(f"{address}release/", form)
        late = supervisor.post(f"{address}drop/", {"why_not": WHY}, follow=True)

        assert unsaid.status_code == 422
        assert "done before" in late.content.decode()
        assert len(bills_of_today(item)) == before + 1

    def test_stays_held_until_somebody_takes_it(self, supervisor: Client) -> None:
        item = held_item()

        answer = supervisor.post(f"/work/{item.id}/release/", {"why": WHY, "seen_cents": "100"})

        assert answer.status_code == 422
        assert "not taken by you" in answer.content.decode()

    def test_stays_held_for_who_may_not_release(self, projects: Client, cashier: Client) -> None:
        item = held_item()
        address = taken(item, projects)

        assert "Release this bill" not in projects.get(address).content.decode()
        for browser in (projects, cashier):
            answer = browser.post(f"{address}release/", {"why": WHY, "seen_cents": "1"})
            dropped = browser.post(f"{address}drop/", {"why_not": WHY})
            assert dropped.status_code == 403
            assert answer.status_code == 403
        assert status(item) == "taken"


class TestARefusedRead:
    FORM = {"kind": "1", "why": WHY}

    def form(self, place: Place, reading: int | str) -> dict[str, str]:
        today = city.today().isoformat()
        return {**self.FORM, "meter": place.meter, "read_on": today, "reading": str(reading)}

    def test_is_shown_beside_what_is_known_of_its_meter(self, supervisor: Client) -> None:
        place = places()[0]
        item = read_item(place, reading=place.reading + 8765)

        page = supervisor.get(taken(item, supervisor)).content.decode()

        assert place.meter in page
        assert f"{place.reading:,}, " in page
        assert f"{place.reading + 8765:,}, " in page
        assert "Usual use over these days" in page
        assert re.search(r"about [\d,]+ to [\d,]+", page)

    def test_is_entered_once_and_the_item_is_done(self, supervisor: Client) -> None:
        place = places()[1]
        item = read_item(place, reading=place.reading + 9)
        address = taken(item, supervisor)
        form = {**self.form(place, place.reading + 9), "is_sure": "on"}

        supervisor.post(f"{address}read/", form)
        again = supervisor.post(f"{address}read/", form, follow=True)

        kept = models.Read.objects.filter(register_id=place.register_id, read_on=city.today())
        assert [each.reading for each in kept] == [place.reading + 9]
        assert "Nothing was done again" in again.content.decode()
        assert status(item) == "done"

    def test_that_looks_wrong_is_asked_about_first(self, supervisor: Client) -> None:
        place = places()[0]
        item = read_item(place, reading=place.reading + 7000)
        address = taken(item, supervisor)
        form = self.form(place, place.reading + 7000)

        doubted = supervisor.post(f"{address}read/", form)

        assert doubted.status_code == 422
        assert "more than twice the usual use" in doubted.content.decode()
        assert status(item) == "taken"
        assert not models.Read.objects.filter(
            register_id=place.register_id, read_on=city.today()
        ).exists()
        sure = supervisor.post(f"{address}read/", {**form, "is_sure": "on"})
        assert sure["Location"] == "/work/"

    @pytest.mark.parametrize(
        ("reading", "said"),
        [("12 or so", "Write the digits of the dial"), ("999999999", "digits.")],
    )
    def test_that_cannot_be_is_refused(self, supervisor: Client, reading: str, said: str) -> None:
        place = places()[0]
        item = read_item(place, reading=int(f"{len(said)}1"))
        address = taken(item, supervisor)

        answer = supervisor.post(f"{address}read/", {**self.form(place, reading), "is_sure": "on"})

        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert f'value="{reading}"' in answer.content.decode()
        assert status(item) == "taken"

    def test_is_not_entered_by_who_may_not(self, projects: Client) -> None:
        place = places()[0]
        item = read_item(place, reading=3)
        address = taken(item, projects)

        answer = projects.post(f"{address}read/", self.form(place, place.reading + 3))

        assert answer.status_code == 403
        assert status(item) == "taken"


class TestAReadThatNeverCame:
    def test_names_the_meter_of_the_account(self, supervisor: Client) -> None:
        place = places()[0]
        with transactions.started():
            work_items.raise_items(
                items=[
                    work_items.NewItem(
                        kind="read",
                        reason="no read and no history",
                        cause_key="no read test",
                        subject_kind="account",
                        subject_id=place.account_id,
                        due_on=city.today(),
                        detail={"service": place.service},
                    )
                ],
                at=timezone.now(),
                posting_day=city.today(),
            )
        item = work.WorkItem.objects.get(cause_key="no read test")

        page = supervisor.get(taken(item, supervisor)).content.decode()

        assert f'value="{place.meter}"' in page
        assert "Enter the read" in page
