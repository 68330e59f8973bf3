"""A dossier as plain JSON: canonical, so that the same question gives the same bytes."""

from __future__ import annotations

from probity.canon import Plain
from probity.dossier.model import Dossier, Record

GENERATED = "generated data: no real organisation, no real record 生成数据,非真实主体、非真实记录"
"""What every page, file and answer says that shows generated data."""


def heading(dossier: Dossier) -> dict[str, Plain]:
    """What every answer about an organisation begins with: who, at which two times, and whether it is made up."""
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
    }


def as_json(dossier: Dossier) -> dict[str, Plain]:
    """The whole file, for the operator and the organisation itself. What the public may see is for publication."""
    return {
        **heading(dossier),
        "register": dict(dossier.register),
        "relations": [
            {
                "relation": relation.relation,
                "subject": relation.subject,
                "name": relation.name,
                "stated_by": relation.subject if relation.inverse else dossier.subject,
                "record": relation.record,
            }
            for relation in dossier.relations
        ],
        "records": [_record(record, dossier) for record in dossier.records],
    }


def _record(record: Record, dossier: Dossier) -> dict[str, Plain]:
    """One record with its source, term and state."""
    day = dossier.as_of.true_on
    return {
        "id": record.id,
        "statement": record.statement,
        "item": record.item,
        "issuer": record.issuer,
        "reference": record.reference,
        "valid_from": record.valid_from.isoformat(),
        "valid_to": record.valid_to.isoformat() if record.valid_to else None,
        "attributes": dict(record.attributes),
        "status": record.status.value,
        "in_force": not record.ended(day),
        "expires": record.expires.isoformat() if record.expires else None,
        "expired": record.past_term(day),
        "contested_since": record.contested_since.isoformat() if record.contested_since else None,
        "repaired_on": record.repaired_on.isoformat() if record.repaired_on else None,
        "recorded_at": record.recorded_at.isoformat(),
        "corrections": list(record.corrections),
        "source": {"batch": record.batch, "row": record.row},
    }
