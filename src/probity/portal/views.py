"""The pages, one function each: read the question, ask the service, show the answer."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from probity import service
from probity.canon import Plain, canonical
from probity.dossier import GENERATED, Match, known_subjects
from probity.errors import IdentifierError, NaturalPersonError
from probity.identity import clean
from probity.portal.bands import grade_called
from probity.portal.cards import distribution, groups
from probity.portal.chart import grade_chart
from probity.portal.codes import normal_form, refuse_persons, subjects_meant
from probity.portal.formats import called
from probity.portal.history import history_chart
from probity.portal.identifiers import identifiers, relations
from probity.portal.question import read_day, read_times
from probity.portal.refusals import explained
from probity.portal.timeline import pages_of, timeline
from probity.scoring import reads

LONGEST = 200
"""Characters of a search that are read."""

MOST = 50
"""Organisations that a search gives at most."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, a search box, the cards with the grades of their latest run."""
    found = service.home_page()
    cards = [
        {
            "card": each.card,
            "run": each.run,
            "rows": distribution(each.card, each.distribution) if each.run else (),
        }
        for each in found.cards
    ]
    context = {"home": found, "cards": cards, "generated": found.generated}
    return render(request, "portal/home.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Organisations by name or code; a sound code leads straight to its organisation."""
    text = _text(request)
    try:
        if subject := _meant(text):
            return HttpResponseRedirect(_address(subject))
    except NaturalPersonError:
        raise
    except IdentifierError as error:
        context: dict[str, object] = {"text": text, "wrong": explained(error)}
        return render(request, "portal/search.html", context, status=error.http_status)
    matches = service.search_page(text) if text else []
    context = {
        "text": text,
        "matches": matches,
        "more": len(matches) >= MOST,
        "generated": any(match.generated for match in matches),
    }
    return render(request, "portal/search.html", context)


@require_safe
def search_json(request: HttpRequest) -> HttpResponse:
    """The same as JSON."""
    text = _text(request)
    matches = service.search_page(text) if text else []
    notice = {"notice": GENERATED} if any(match.generated for match in matches) else {}
    return _json({**notice, "text": text, "organisations": [_match(match) for match in matches]})


@require_safe
def organisation(request: HttpRequest, scheme: str, code: str) -> HttpResponse:
    """One organisation: identity, grades, records, at the two times asked for."""
    house = service.house()
    normal = normal_form(scheme, code, house.law)
    times = read_times(request.GET, house.day_for(f"{scheme}:{normal}"))
    if normal != code:
        return HttpResponseRedirect(_with(_address(f"{scheme}:{normal}"), times.query))
    page = service.organisation_page(
        f"{scheme}:{normal}", house.law, true_on=times.true_on, known_at=times.known_at
    )
    file, dossier = page.file, page.file.dossier
    pages = pages_of(file.records)
    moment = dossier.as_of.known_at.isoformat()
    permanent = {"true_on": times.true_on.isoformat(), "known_at": moment}
    context = {
        "file": file,
        "dossier": dossier,
        "identifiers": identifiers(dossier.identifiers, house.law),
        "shown_already": {"name", "kind", *(scheme.scheme.replace("-", "_") for scheme in house.law.schemes)},
        "relations": relations(file.relations, house.law),
        "grades": [
            (grade_chart(grade, house.law, pages), outlook, history_chart(history, grade.card))
            for grade, outlook, history in zip(
                page.grades,
                service.page_outlooks(page, house.law),
                service.page_histories(page, house.law),
                strict=True,
            )
        ],
        "pages": pages,
        "not_in_force": page.not_in_force,
        "timeline": timeline(file.records, request.GET.get("page")),
        "times": times,
        "json": _with(f"{_address(dossier.subject)}.json", times.query),
        "permanent": _with(_address(dossier.subject), urlencode(permanent)),
        "generated": dossier.generated,
    }
    return render(request, "portal/organisation.html", context)


@require_safe
def organisation_json(request: HttpRequest, scheme: str, code: str) -> HttpResponse:
    """The same as JSON: canonical bytes, so that the same question gives the same answer for ever."""
    house = service.house()
    normal = normal_form(scheme, code, house.law)
    times = read_times(request.GET, house.day_for(f"{scheme}:{normal}"))
    page = service.organisation_page(
        f"{scheme}:{normal}", house.law, true_on=times.true_on, known_at=times.known_at
    )
    return _json(service.page_as_json(page, service.page_outlooks(page, house.law)))


@require_safe
def history_json(request: HttpRequest, scheme: str, code: str) -> HttpResponse:
    """How a grade went, by the card named with ``?card=``, as canonical JSON."""
    house = service.house()
    subject = f"{scheme}:{normal_form(scheme, code, house.law)}"
    times = read_times(request.GET, house.day_for(subject))
    named = request.GET.get("card", "")
    found = service.history_page(subject, named, house.law, true_on=times.true_on, known_at=times.known_at)
    return _json({"subject": subject, **found.as_json()})


@require_safe
def card(request: HttpRequest, card: str) -> HttpResponse:
    """A scorecard as a table, for those who make and dispute rules; ``?on=`` asks for the version of a day."""
    law = service.house().law
    found = law.card(card, read_day(request.GET, "on"))
    context = {
        "card": found,
        "groups": groups(found, law),
        "gates": [
            {
                "name": gate.name,
                "records": called(reads(gate.reads, law)),
                "at_most": grade_called(gate.at_most, found.bands),
            }
            for gate in found.gates
        ],
        "occasion": called(reads((found.occasion,), law)) if found.occasion else None,
        "others": [each for each in law.cards if each.card == found.card and each is not found],
    }
    return render(request, "portal/card.html", context)


def _text(request: HttpRequest) -> str:
    """What was typed, without unseen characters. Raises NaturalPersonError for a person's code."""
    text, _ = clean(request.GET.get("q", "")[:LONGEST])
    refuse_persons(text)
    return text


def _meant(text: str) -> str | None:
    """The organisation whose code was typed, if a code it was."""
    subjects = subjects_meant(text, service.house().law) if text else []
    known = known_subjects(subjects) if subjects else set()
    return next((subject for subject in subjects if subject in known or len(subjects) == 1), None)


def _address(subject: str) -> str:
    scheme, _, code = subject.partition(":")
    return reverse("organisation", args=[scheme, code])


def _with(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address


def _match(match: Match) -> dict[str, Plain]:
    return {
        "subject": match.subject,
        "name": match.name,
        "kind": match.kind,
        "address": _address(match.subject),
        "generated": match.generated,
    }


def _json(content: dict[str, Plain]) -> HttpResponse:
    return HttpResponse(canonical(content), content_type="application/json; charset=utf-8")
