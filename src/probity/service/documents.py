"""The documents of cases as they are read: the text of the procedure, with the evidence called by name."""

from __future__ import annotations

from probity import ledger
from probity.procedures.listing import Listing, document
from probity.rulebook import Law


def text_of(case: Listing, number: str, law: Law, language: str) -> str:
    """The text of the document ``number`` of a case, in ``en`` or ``zh``. Raises NotFoundError."""
    proposed = case.proposed.evidence if case.proposed else ()
    entered = case.entered.evidence if case.entered else ()
    records = {id_: ledger.statement(id_) for id_ in {*case.found.evidence, *proposed, *entered}}
    return document(case, number, law, language, records)
