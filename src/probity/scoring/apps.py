"""Django's view of this room."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """Scoring runs and their results as a Django application."""

    name = "probity.scoring"
    label = "scoring"
