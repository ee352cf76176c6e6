"""The fixed words of audits and disclosures, and which event may follow which."""

from collections.abc import Mapping

from django.db import models


class SelectedBy(models.TextChoices):
    """How an account came to be audited."""

    HAND = "by hand"
    LIST = "discovery list"
    SCORE = "score"


class EventKind(models.TextChoices):
    """What happened to an audit case; its state is the last of them, but for ASSIGNED."""

    SELECTED = "selected"
    # Another auditor has it; the case stays where it was.
    ASSIGNED = "assigned"
    # The letter of engagement went out.
    ENGAGED = "engaged"
    # What was found so far was shown to the taxpayer.
    PRELIMINARY = "preliminary"
    PROPOSED = "proposed"
    # Another person sent a proposal back to the auditor.
    RETURNED = "returned"
    # Another person approved: the notice goes out, and the days to protest run.
    APPROVED = "approved"
    PROTESTED = "protested"
    DECIDED = "decided"
    FINAL = "final"
    # With no change, approved by another person.
    CLOSED = "closed"
    # Given up before anything was proposed.
    WITHDRAWN = "withdrawn"


class Stage(models.TextChoices):
    """What a computation of a case was for."""

    PRELIMINARY = "preliminary"
    PROPOSED = "proposed"


class DisclosureKind(models.TextChoices):
    """What happened to a voluntary disclosure; its state is the last of them."""

    # By a representative, of somebody who is not named yet.
    RECEIVED = "received"
    NAMED = "named"
    # The agreement was signed, and its waiver asked for.
    AGREED = "agreed"
    # Every return of its periods is here.
    FULFILLED = "fulfilled"
    # The office had found it first, or the agreement was not kept.
    VOID = "void"
    WITHDRAWN = "withdrawn"


_E = EventKind
#: What may follow a state; 0002_tax_audits_walls has the same. ASSIGNED may follow what is open.
FOLLOWS: Mapping[str, tuple[EventKind, ...]] = {
    "": (_E.SELECTED,),
    _E.SELECTED: (_E.ENGAGED, _E.WITHDRAWN),
    _E.ENGAGED: (_E.PRELIMINARY, _E.PROPOSED, _E.WITHDRAWN),
    _E.PRELIMINARY: (_E.PRELIMINARY, _E.PROPOSED, _E.WITHDRAWN),
    _E.PROPOSED: (_E.RETURNED, _E.APPROVED, _E.CLOSED),
    _E.RETURNED: (_E.PRELIMINARY, _E.PROPOSED, _E.WITHDRAWN),
    _E.APPROVED: (_E.PROTESTED, _E.FINAL),
    _E.PROTESTED: (_E.DECIDED,),
    _E.DECIDED: (_E.FINAL,),
    _E.FINAL: (),
    _E.CLOSED: (),
    _E.WITHDRAWN: (),
}
#: While the auditor works: what schedules, records and waivers are added in.
IN_WORK = (_E.ENGAGED, _E.PRELIMINARY, _E.RETURNED)
#: Another person does these than who proposed.
BY_ANOTHER = (_E.RETURNED, _E.APPROVED, _E.CLOSED, _E.DECIDED)
OVER = (_E.FINAL, _E.CLOSED, _E.WITHDRAWN)

_D = DisclosureKind
DISCLOSURE_FOLLOWS: Mapping[str, tuple[DisclosureKind, ...]] = {
    "": (_D.RECEIVED,),
    _D.RECEIVED: (_D.NAMED, _D.WITHDRAWN),
    _D.NAMED: (_D.AGREED, _D.VOID, _D.WITHDRAWN),
    _D.AGREED: (_D.FULFILLED, _D.VOID),
    _D.FULFILLED: (),
    _D.VOID: (),
    _D.WITHDRAWN: (),
}
