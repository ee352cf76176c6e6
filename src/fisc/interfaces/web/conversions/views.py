"""Files of another system that were brought in: their totals, what was refused, their undoing."""

from __future__ import annotations

from typing import Final

from django import forms, http, shortcuts
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators import http as verbs

from fisc.domain.code_lists import queries as code_lists
from fisc.interfaces.web import doors, exports, languages, sentences
from fisc.plumbing.users import permissions
from fisc.plumbing.users import queries as users
from fisc.processes.conversion.licenses import operations, queries

UNPROCESSABLE: Final = 422
REFUSED_SHOWN: Final = 200
_CANNOT: Final = (
    operations.CannotBeUndone,
    operations.ReasonIsMissing,
    operations.UndoneByItsMaker,
)


class UndoForm(forms.Form):
    """Why a file is taken out again."""

    why = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("For whoever reads the record later."),
        max_length=500,
        error_messages={"required": gettext_lazy("Say why, in a few words.")},
    )


@doors.opens_with(permissions.CONVERT_DATA, shows="conversions")
def conversions(request: http.HttpRequest) -> http.HttpResponseBase:
    """List the files that were brought in, as a page or as a file."""
    found = queries.brought()
    names = _names(found)
    if file_format := exports.wanted(request):
        kind = exports.Kind
        return exports.answer(
            file_format=file_format,
            name="conversions",
            columns=[
                exports.Column(_("No."), kind.COUNT),
                exports.Column(_("File")),
                exports.Column(_("Rows"), kind.COUNT),
                exports.Column(_("Taken"), kind.COUNT),
                exports.Column(_("Refused"), kind.COUNT),
                exports.Column(_("Came"), kind.INSTANT),
                exports.Column(_("By")),
                exports.Column(_("Undone"), kind.INSTANT),
                exports.Column(_("Why")),
            ],
            rows=[
                (
                    each.batch_id, each.file_name, each.row_count, each.taken, len(each.refused),
                    each.made_at, names.get(each.made_by_id or 0, ""), each.undone_at,
                    each.undone_why,
                )
                for each in found
            ],
        )  # fmt: skip
    return shortcuts.render(
        request, "conversions/conversions.html", {"files": found, "names": names}
    )


@doors.opens_with(permissions.CONVERT_DATA, shows="conversion")
@verbs.require_http_methods(["GET", "HEAD", "POST"])
def conversion(request: http.HttpRequest, number: int) -> http.HttpResponseBase:
    """Show what of a file was taken and what was refused, and why; take it out again."""
    found = _found(number)
    is_sent = request.method == "POST"
    if not is_sent and (file_format := exports.wanted(request)):
        return _refused_file(file_format, found)
    form = UndoForm(request.POST if is_sent else None)
    if form.is_valid():
        try:
            operations.undo(
                number,
                by=operations.By(
                    user_id=doors.person(request),
                    at=timezone.now(),
                    why=form.cleaned_data["why"],
                ),
            )
        except _CANNOT as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The file is out again, as if it had not come."))
            return shortcuts.redirect("conversion", number=number)
    return shortcuts.render(
        request,
        "conversions/conversion.html",
        {
            "file": found,
            "names": _names([found]),
            "types": [(_type(code), count) for code, count in found.totals.by_type],
            "statuses": found.totals.by_status,
            "refused": found.refused[:REFUSED_SHOWN],
            "shown": REFUSED_SHOWN,
            "form": form,
            "is_mine": found.made_by_id == doors.person(request),
        },
        status=UNPROCESSABLE if is_sent else None,
    )


def _refused_file(file_format: str, found: queries.Brought) -> http.HttpResponseBase:
    return exports.answer(
        file_format=file_format,
        name=f"conversion-{found.batch_id}-refused",
        columns=[
            exports.Column(_("Line"), exports.Kind.COUNT),
            exports.Column(_("Number")),
            exports.Column(_("Everything wrong with it")),
        ],
        rows=[
            (
                each.line,
                each.reference,
                " ".join(sentences.in_language(one) for one in each.reasons),
            )
            for each in found.refused
        ],
    )


def _found(number: int) -> queries.Brought:
    try:
        return queries.brought_in(number)
    except queries.NoSuchFile as problem:
        raise http.Http404(str(problem)) from problem


def _names(found: list[queries.Brought]) -> dict[int, str]:
    people = {each.made_by_id for each in found} | {each.undone_by_id for each in found}
    return dict(users.names(user_ids={each for each in people if each}))


def _type(code: str) -> str:
    known = code_lists.codes("license type")
    return known[code].label(languages.current()) if code in known else code
