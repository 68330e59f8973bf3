"""The pages about drafts: which previews are kept, and each of them."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from probity.dossier import known_subjects
from probity.errors import NotRegisteredError
from probity.identity import clean
from probity.portal.codes import refuse_persons, subjects_meant
from probity.portal.views import LONGEST
from probity.scoring.preview import Moved
from probity.service import house
from probity.service.preview import NotGradedError, all_kept, as_bytes, asked_of, kept


@require_safe
def previews(request: HttpRequest) -> HttpResponse:
    """Every preview that is kept here."""
    found = all_kept()
    context = {"previews": found, "generated": any(each.report.notice for each in found)}
    return render(request, "portal/previews.html", context)


@require_safe
def preview(request: HttpRequest, name: str) -> HttpResponse:
    """What a draft would change; ``?q=`` asks about one organisation by its code."""
    report = kept(name)
    text, subject = _asked(request)
    asked, unanswered = _answer(name, subject) if subject else ((), "")
    context = {
        "report": report,
        "name": name,
        "generated": bool(report.notice),
        "text": text,
        "unanswered": unanswered if subject or not text else _("No organisation is registered under this code."),
        "asked": asked if subject else report.asked,
    }
    return render(request, "portal/preview.html", context)


def _answer(name: str, subject: str) -> tuple[Sequence[Moved], str]:
    """What would change for one organisation; or nothing, and why, so that the preview stays beside it."""
    try:
        return [asked_of(name, subject)], ""
    except NotGradedError:
        return (), _("The two cards do not both grade organisations of this kind, so there is nothing to compare.")
    except NotRegisteredError:
        return (), _("This organisation was not in the register at the times of this preview.")


def _asked(request: HttpRequest) -> tuple[str, str | None]:
    """What was typed, and the organisation whose code it is. Raises NaturalPersonError, IdentifierError."""
    text, _seen = clean(request.GET.get("q", "")[:LONGEST])
    refuse_persons(text)
    subjects = subjects_meant(text, house().law) if text else []
    return text, next(iter(sorted(known_subjects(subjects))), None)


@require_safe
def preview_json(request: HttpRequest, name: str) -> HttpResponse:
    """The same as JSON."""
    return HttpResponse(as_bytes(kept(name)), content_type="application/json; charset=utf-8")
