"""The one way out: what may be public of a file, for as long as it may be (charter 1, 6, 8)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from probity.canon import Plain
from probity.dossier import GENERATED, Dossier, Name, Record, Relation, heading
from probity.identity import without_persons
from probity.ledger import Value
from probity.publication.model import PublicField, PublicFile, PublicRecord
from probity.rulebook import Attribute, Disclosure, Effect, Item, Law, Polarity, Status

_SPEAKS_OF_ANOTHER = (Effect.CONTESTS, Effect.SETTLES, Effect.REPAIRS)


def public_file(dossier: Dossier, law: Law) -> PublicFile:
    """The public part of ``dossier``: open items, masked, within their term, neither withdrawn nor repaired."""
    day, by_id = dossier.as_of.true_on, {record.id: record for record in dossier.records}
    open_records = {record.id: record for record in dossier.records if _is_public(record, by_id, day, law)}
    records = tuple(_record(record, dossier, law) for record in open_records.values())
    registering = [r for r in open_records.values() if _item(r, law).effect is Effect.REGISTERS]
    newest = next((record for record in registering if record.attributes == dossier.register), None)
    register = _fields(_item(newest, law), newest.attributes) if newest else {}
    names = {_plain(record, "name", law) for record in registering}
    codes = {name.replace("_", "-") for name, field in register.items() if not field.masked}
    relations = tuple(
        replace(each, name=each.name and without_persons(each.name))
        for each in dossier.relations
        if _relates(each, open_records, dossier, law)
    )
    return PublicFile(
        dossier=replace(
            dossier,
            names=tuple(
                Name(without_persons(name.name), name.since) for name in dossier.names if name.name in names
            ),
            identifiers=(dossier.subject, *(each for each in dossier.identifiers[1:] if _shown(each, codes))),
            register={},
            relations=relations,
            records=(),
        ),
        register=register,
        relations=relations,
        records=records,
    )


def _is_public(record: Record, by_id: Mapping[str, Record], day: date, law: Law) -> bool:
    """Whether anyone may see this record on ``day``.

    A repaired record stays visible only if it speaks for the organisation; against it, repair ends display.
    What is said of a record (an objection, its outcome, a repair) is seen where that record is, and nowhere else:
    it would give away what is not open, and keep alive what repair has ended.
    """
    item = _item(record, law)
    if item.disclosure is not Disclosure.OPEN or item.effect is Effect.MANIFEST:
        return False
    if record.status is Status.WITHDRAWN or record.past_term(day):
        return False
    if item.effect in _SPEAKS_OF_ANOTHER:
        other = by_id.get(record.about or "")
        return other is not None and _is_public(other, by_id, day, law)
    return not (record.status is Status.REPAIRED and item.polarity is Polarity.NEGATIVE)


def masked(attribute: Attribute, value: Value) -> Value:
    """The value as the public sees it: as it is, only the first character of each word, or not at all (None).

    A word of one character keeps none, and only text can be shown in part.
    """
    if attribute.mask == "none":
        return without_persons(value) if isinstance(value, str) else value
    if attribute.mask == "hidden" or not isinstance(value, str):
        return None
    return " ".join(word[0] + "*" * min(len(word) - 1, 8) if len(word) > 1 else "*" for word in value.split())


def as_json(file: PublicFile) -> dict[str, Plain]:
    """The public file as plain JSON."""
    return {
        **heading(file.dossier),
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


def _item(record: Record, law: Law) -> Item:
    return law.item(record.item, record.valid_from)


def _plain(record: Record, name: str, law: Law) -> Value:
    """What the record says under ``name``, where it is shown as it is; else None."""
    attribute = _item(record, law).attribute(name)
    return record.attributes.get(name) if attribute is not None and attribute.mask == "none" else None


def _shown(identifier: str, schemes: Collection[str]) -> bool:
    return identifier.partition(":")[0] in schemes and without_persons(identifier) == identifier


def _relates(relation: Relation, open_records: Mapping[str, Record], dossier: Dossier, law: Law) -> bool:
    """Whether a relation may be seen: its record is open, here or in the file of whoever stated it."""
    if without_persons(relation.subject) != relation.subject:
        return False
    if not relation.inverse:
        return relation.record in open_records
    item = law.item(relation.item, relation.since)
    until = law.display_until(item, relation.since, {})
    return item.disclosure is Disclosure.OPEN and (until is None or until >= dossier.as_of.true_on)


def _record(record: Record, dossier: Dossier, law: Law) -> PublicRecord:
    item = _item(record, law)
    return PublicRecord(
        id=record.id,
        item=record.item,
        name=item.name,
        category=law.category(item.category).name,
        polarity=item.polarity,
        source=law.agency(record.issuer, record.valid_from).name,
        reference=without_persons(record.reference),
        valid_from=record.valid_from,
        valid_to=record.valid_to,
        in_force=not record.ended(dossier.as_of.true_on),
        status=record.status,
        contested_since=record.contested_since,
        shown_until=record.expires,
        basis=item.basis,
        law_reference=item.reference,
        fields=_with_list_names(_fields(item, record.attributes), record, law),
        recorded_at=record.recorded_at,
        corrected=bool(record.corrections),
        generated=record.generated,
    )


def _fields(item: Item, attributes: Mapping[str, Value]) -> dict[str, PublicField]:
    return {
        attribute.attribute: PublicField(
            name=attribute.name,
            value=shown,
            unit=attribute.unit,
            shown=next((choice.name for choice in attribute.choices if choice.value == shown), None),
            masked=attribute.mask != "none",
        )
        for attribute in item.attributes
        if (shown := masked(attribute, attributes.get(attribute.attribute))) is not None
    }


def _with_list_names(fields: Mapping[str, PublicField], record: Record, law: Law) -> dict[str, PublicField]:
    """The fields, with the list of an entry, its criterion and its band as the law calls them."""
    rules = [rule for rule in law.lists if rule.list == record.attributes.get("list")]
    rule = next((rule for rule in rules if rule.in_force.covers(record.valid_from)), None)
    if rule is None:
        return dict(fields)
    names = {"list": {rule.list: rule.name}, "criterion": {each.criterion: each.name for each in rule.criteria}}
    if rule.bands is not None:
        names["band"] = {each.band: each.name for each in rule.bands.bands}
    return {
        name: replace(field, shown=field.shown or names.get(name, {}).get(str(field.value)))
        for name, field in fields.items()
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
