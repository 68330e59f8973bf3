"""Django's view of this room."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    """Answers of agencies, and the log of look-ups, as a Django application."""

    name = "probity.measures"
    label = "measures"
