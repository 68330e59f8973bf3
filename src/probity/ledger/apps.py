"""Django's view of this room."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger as a Django application."""

    name = "probity.ledger"
    label = "ledger"
