"""Django's view of this room."""

from django.apps import AppConfig

from probity.intake import followed_by
from probity.procedures.store import follow_batch


class ProceduresConfig(AppConfig):
    """The procedures as a Django application. Cases and entries follow whatever a file brings."""

    name = "probity.procedures"
    label = "procedures"

    def ready(self) -> None:
        """Let entries follow each batch of a file, in its transaction."""
        followed_by(follow_batch)
