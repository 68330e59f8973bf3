"""Django's view of this room."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The intake as a Django application."""

    name = "probity.intake"
    label = "intake"
