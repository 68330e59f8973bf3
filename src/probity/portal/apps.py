"""Django's view of this room."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The portal as a Django application."""

    name = "probity.portal"
    label = "portal"
