"""Who: identifiers of organisations, Chinese regions, and names made comparable.

The room promises: a code that comes out of :func:`identify` or with verdict OK out of :func:`identify_column` is
sound under its scheme, in normal form, and belongs to no natural person or individual trader (charter 1).
The scalar and the column door give equal answers. No error text quotes a code in full.
"""

from probity.identity.column import Column, check_column
from probity.identity.fault import Verdict, masked
from probity.identity.names import NameFinding, clean, normalise
from probity.identity.regions import PROVINCES, Region, region
from probity.identity.schemes import Identifier, identify, identify_column, why
from probity.identity.tables import Label
from probity.identity.uscc import Part, Uscc, compose, organisation_kind, parse
from probity.identity.within import without_persons

__all__ = [
    "PROVINCES",
    "Column",
    "Identifier",
    "Label",
    "NameFinding",
    "Part",
    "Region",
    "Uscc",
    "Verdict",
    "check_column",
    "clean",
    "compose",
    "identify",
    "identify_column",
    "masked",
    "normalise",
    "organisation_kind",
    "parse",
    "region",
    "why",
    "without_persons",
]
