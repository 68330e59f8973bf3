"""Refusals as pages: what is wrong, why, and what to do; as JSON where JSON was asked for."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from probity.errors import (
    CharterError,
    IdentifierError,
    LedgerError,
    NaturalPersonError,
    NotFoundError,
    ProbityError,
    StoreError,
)
from probity.portal.question import Misasked

_log = logging.getLogger("probity.portal")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the page says, in the visitor's language.

    ``what`` and ``remedy`` come from the room that refused; they are in English unless ``own``.
    """

    status: int
    title: str
    paragraphs: tuple[str, ...]
    what: str = ""
    remedy: str = ""
    own: bool = False


def refusal(request: HttpRequest, error: ProbityError) -> HttpResponse:
    """The answer to a request that ended in ``error``."""
    if error.http_status >= 500:
        _log.error("%s", error, exc_info=error)
    return _answer(request, explained(error))


def explained(error: ProbityError) -> Refusal:
    """``error`` for a visitor. What a person's code or the database's inside would give away is left out."""
    status = error.http_status
    what, remedy = error.what, error.remedy or ""
    match error:
        case NaturalPersonError():
            return Refusal(status, _("A natural person can have no file here"), _person())
        case CharterError():
            said = _("This is one of the acts that this software refuses. The message names the article.")
            return Refusal(status, _("Refused by the charter"), (said,), what, remedy)
        case IdentifierError():
            return Refusal(status, _("This code is not correct"), tuple(_position(error)), what, remedy)
        case Misasked():
            return Refusal(status, _("This question cannot be answered"), (), what, remedy, own=True)
        case NotFoundError():
            return Refusal(status, _("Not found"), _unknown(), what, remedy)
        case LedgerError():
            said = _("What is stored does not agree with itself, so it is not shown. Nothing was changed.")
            return Refusal(status, _("This cannot be shown at the moment"), (said,), what, remedy)
        case StoreError():
            said = _("The register’s database does not answer. Nothing is lost. Try again in a few minutes.")
            return Refusal(status, _("The register cannot be reached"), (said,))
        case _ if status >= 500:
            return _fault()
        case _:
            return Refusal(status, _("This question cannot be answered"), (), what, remedy)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own 400: an address or header that cannot be read."""
    said = _("The address or a part of the request cannot be read.")
    return _answer(request, Refusal(400, _("This request cannot be read"), (said,)))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own 403."""
    return _answer(request, Refusal(403, _("Not allowed"), (_("This page cannot be opened."),)))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere."""
    said = _("There is no page at this address. If you typed it, check it; or start from the search.")
    return _answer(request, Refusal(404, _("Page not found"), (said,)))


def broken(request: HttpRequest) -> HttpResponse:
    """Something unforeseen; the traceback is in the operator's log, never on the page."""
    return _answer(request, _fault())


def _fault() -> Refusal:
    said = _("Something went wrong on our side. It has been logged; nothing was changed. Try again later.")
    return Refusal(500, _("There is a problem with this service"), (said,))


def _person() -> tuple[str, ...]:
    return (
        _("The code belongs to a natural person or to an individual trader. What was typed is not shown again."),
        _(
            "This register holds organisations only. A natural person can have no file, score, grade, list entry "
            "or measure; that is article 1 of its charter, and it holds for everyone who asks."
        ),
        _("To find an organisation, use its name or its own code."),
    )


def _unknown() -> tuple[str, ...]:
    return (
        _("Check the code, or search by name."),
        _("Not being found says nothing about an organisation, neither good nor bad."),
    )


def _position(error: IdentifierError) -> list[str]:
    """Which character is wrong and what it should be, where that can be said."""
    if error.position and error.expected and len(error.expected) == 1:
        where = {"position": error.position, "expected": error.expected}
        return [_("The character at position %(position)d is wrong: “%(expected)s” is expected.") % where]
    if error.position:
        return [_("The character at position %(position)d cannot stand there.") % {"position": error.position}]
    return [_("Compare the code with the licence or with the register that issued it.")]


def _answer(request: HttpRequest, told: Refusal) -> HttpResponse:
    if request.path.endswith(".json"):
        error = {"status": told.status, "title": told.title, "explanation": list(told.paragraphs)}
        detail = {"what": told.what, "remedy": told.remedy} if told.what else {}
        return JsonResponse(
            {"error": error | detail}, status=told.status, json_dumps_params={"ensure_ascii": False}
        )
    dated = told.status < 500 and any(request.GET.get(name) for name in ("true_on", "known_at", "on"))
    return render(request, "portal/refusal.html", {"told": told, "dated": dated}, status=told.status)
