"""What kind of organisation somebody is (charter 1: never a person)."""

from __future__ import annotations

from collections.abc import Mapping

from probity.identity import identify
from probity.ledger import Value
from probity.rulebook import Law, OrganisationKind


def kind_of(subject: str, attributes: Mapping[str, Value], law: Law) -> OrganisationKind:
    """The kind that the registration states, else the one its code tells, else that of its scheme."""
    stated = attributes.get("kind")
    if stated:
        return OrganisationKind(str(stated))
    scheme_id, _, code = subject.partition(":")
    scheme = law.scheme(scheme_id)
    told = identify(scheme.check, code, scheme.pattern).kind
    return OrganisationKind(told) if told else scheme.kind or OrganisationKind.UNINCORPORATED
