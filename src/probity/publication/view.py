"""The one way out: what may be public of a file, for as long as it may be (charter 1, 6, 8)."""

from __future__ import annotations

from collections.abc import Mapping

from probity.canon import Plain
from probity.dossier import GENERATED, Dossier, Record
from probity.ledger import Value
from probity.publication.model import PublicField, PublicFile, PublicRecord
from probity.rulebook import Attribute, Disclosure, Effect, Item, Law, Polarity, Status


def public_file(dossier: Dossier, law: Law) -> PublicFile:
    """The public part of ``dossier``: open items, masked, within their term, neither withdrawn nor repaired."""
    registration = next(
        record
        for record in dossier.records
        if law.item(record.item, record.valid_from).effect is Effect.REGISTERS
        and record.status is not Status.WITHDRAWN
    )
    public = [
        _record(record, law.item(record.item, record.valid_from), dossier, law)
        for record in dossier.records
        if is_public(record, dossier, law)
    ]
    open_ids = {record.id for record in public}
    return PublicFile(
        dossier=dossier,
        register=_fields(law.item(registration.item, registration.valid_from), dossier.register),
        relations=tuple(
            relation for relation in dossier.relations if relation.inverse or relation.record in open_ids
        ),
        records=tuple(public),
    )


def is_public(record: Record, dossier: Dossier, law: Law) -> bool:
    """Whether anyone may see this record on the day of the dossier.

    A repaired record stays visible only if it speaks for the organisation; against it, repair ends display.
    """
    item = law.item(record.item, record.valid_from)
    if item.disclosure is not Disclosure.OPEN or item.effect is Effect.MANIFEST:
        return False
    if record.status is Status.WITHDRAWN or record.past_term(dossier.as_of.true_on):
        return False
    return not (record.status is Status.REPAIRED and item.polarity is Polarity.NEGATIVE)


def masked(attribute: Attribute, value: Value) -> Value:
    """The value as the public sees it: as it is, or only the first character of each word."""
    if attribute.mask == "partial" and isinstance(value, str):
        return " ".join(word[0] + "*" * min(len(word) - 1, 8) for word in value.split())
    return value


def as_json(file: PublicFile) -> dict[str, Plain]:
    """The public file as plain JSON."""
    dossier = file.dossier
    return {
        **({"notice": GENERATED} if dossier.generated else {}),
        "as_of": {
            "true_on": dossier.as_of.true_on.isoformat(),
            "known_at": dossier.as_of.known_at.isoformat(),
            "position": dossier.position.number,
        },
        "subject": dossier.subject,
        "kind": dossier.kind.value,
        "names": [{"name": name.name, "since": name.since.isoformat()} for name in dossier.names],
        "identifiers": list(dossier.identifiers),
        "register": {name: field.value for name, field in file.register.items()},
        "relations": [
            {
                "relation": each.relation,
                "subject": each.subject,
                "name": each.name,
                "stated_by_other": each.inverse,
            }
            for each in file.relations
        ],
        "records": [_record_as_json(record) for record in file.records],
    }


def _record(record: Record, item: Item, dossier: Dossier, law: Law) -> PublicRecord:
    return PublicRecord(
        id=record.id,
        item=record.item,
        name=item.name,
        category=law.category(item.category).name,
        polarity=item.polarity,
        source=law.agency(record.issuer, record.valid_from).name,
        reference=record.reference,
        valid_from=record.valid_from,
        valid_to=record.valid_to,
        in_force=not record.ended(dossier.as_of.true_on),
        status=record.status,
        contested_since=record.contested_since,
        shown_until=record.expires,
        basis=item.basis,
        law_reference=item.reference,
        fields=_fields(item, record.attributes),
        recorded_at=record.recorded_at,
        corrected=bool(record.corrections),
        generated=record.generated,
    )


def _fields(item: Item, attributes: Mapping[str, Value]) -> dict[str, PublicField]:
    return {
        attribute.attribute: PublicField(
            name=attribute.name,
            value=masked(attribute, attributes[attribute.attribute]),
            unit=attribute.unit,
            shown=next((c.name for c in attribute.choices if c.value == attributes[attribute.attribute]), None),
        )
        for attribute in item.attributes
        if attribute.mask != "hidden" and attributes.get(attribute.attribute) is not None
    }


def _record_as_json(record: PublicRecord) -> dict[str, Plain]:
    return {
        "id": record.id,
        "item": record.item,
        "name": {"en": record.name.en, "zh": record.name.zh},
        "polarity": record.polarity.value,
        "source": {"en": record.source.en, "zh": record.source.zh},
        "reference": record.reference,
        "valid_from": record.valid_from.isoformat(),
        "valid_to": record.valid_to.isoformat() if record.valid_to else None,
        "in_force": record.in_force,
        "status": record.status.value,
        "contested_since": record.contested_since.isoformat() if record.contested_since else None,
        "shown_until": record.shown_until.isoformat() if record.shown_until else None,
        "legal_basis": record.basis,
        "law_reference": record.law_reference,
        "attributes": {name: field.value for name, field in record.fields.items()},
        "recorded_at": record.recorded_at.isoformat(),
        "corrected": record.corrected,
        **({"notice": GENERATED} if record.generated else {}),
    }
