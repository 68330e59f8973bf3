"""Django's view of this room."""

from django.apps import AppConfig


class DossierConfig(AppConfig):
    """The register's projections as a Django application."""

    name = "probity.dossier"
    label = "dossier"
