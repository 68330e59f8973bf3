"""The addresses of the portal."""

from django.urls import path, re_path

from probity.portal import oversight, previews, refusals, views

urlpatterns = [
    path("", views.home, name="home"),
    path("search", views.search, name="search"),
    path("search.json", views.search_json, name="search-json"),
    re_path(
        r"^organisation/(?P<scheme>[a-z0-9-]+)/(?P<code>[^/]+)\.json$",
        views.organisation_json,
        name="organisation-json",
    ),
    path("organisation/<slug:scheme>/<str:code>/history.json", views.history_json, name="history-json"),
    path("organisation/<slug:scheme>/<str:code>", views.organisation, name="organisation"),
    path("card/<path:card>", views.card, name="card"),
    path("oversight.json", oversight.oversight_json, name="oversight-json"),
    path("oversight", oversight.oversight, name="oversight"),
    path("previews/", previews.previews, name="previews"),
    path("previews/<slug:name>.json", previews.preview_json, name="preview-json"),
    path("previews/<slug:name>", previews.preview, name="preview"),
]

handler400 = refusals.bad_request
handler403 = refusals.forbidden
handler404 = refusals.not_found
handler500 = refusals.broken
