"""What every answer of the portal has in common: its language, its security headers, its refusals as pages."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from probity.errors import ProbityError, StoreError
from probity.portal import refusals

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Content-Security-Policy: our own stylesheet and icon, nothing else; no script at all."""

YEAR = 365 * 24 * 60 * 60


class Portal:
    """Middleware; stands after Django's LocaleMiddleware, whose choice ``?lang=`` overrides."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language chosen, remember the choice in the one cookie there is."""
        chosen = request.GET.get("lang", "").lower()
        known = chosen in dict(settings.LANGUAGES)
        if known:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        response = self.get_response(request)
        if known:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, httponly=True, samesite="Lax")
        response.headers["Content-Security-Policy"] = POLICY
        patch_vary_headers(response, ["Cookie"])
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page (or JSON) for what the rooms below refuse; anything unforeseen goes on to the 500 page."""
        if isinstance(exception, OperationalError | InterfaceError):
            exception = StoreError("the database cannot be reached")
        if isinstance(exception, ProbityError):
            return refusals.refusal(request, exception)
        return None
