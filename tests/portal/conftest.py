"""The town, which the tests of the pages read."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.portal.town import Town, built, town

__all__ = ["built", "town"]


@pytest.fixture
def client(town: Town) -> Client:
    return Client()
