"""What the portal calls the states and kinds that the system knows by id."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from probity.rulebook import OrganisationKind, Polarity, Status
from probity.scoring import NoGrade
from probity.scoring.outlook import Gap

Words = dict[str, Promise]

KINDS: Words = {
    OrganisationKind.ENTERPRISE: _("Enterprise"),
    OrganisationKind.SOCIAL_ORGANISATION: _("Social organisation"),
    OrganisationKind.PUBLIC_INSTITUTION: _("Public institution"),
    OrganisationKind.GOVERNMENT_BODY: _("Government body"),
    OrganisationKind.UNINCORPORATED: _("Unincorporated organisation"),
}

POLARITIES: Words = {
    Polarity.POSITIVE: _("Positive"),
    Polarity.NEGATIVE: _("Negative"),
    Polarity.NEUTRAL: _("Neutral"),
}

STATUSES: Words = {
    Status.ACTIVE: _("Active"),
    Status.CONTESTED: _("Contested"),
    Status.REPAIRED: _("Repaired"),
    Status.EXPIRED: _("Term over"),
    Status.WITHDRAWN: _("Withdrawn"),
}

SILENCES: Words = {
    NoGrade.NO_OCCASION: _("no occasion to judge"),
    NoGrade.TOO_LITTLE_KNOWN: _("too little known"),
    NoGrade.BELOW_EVERY_BAND: _("below every grade"),
    Gap.NOT_REGISTERED: _("not in the register"),
    Gap.NOT_IN_FORCE: _("card not in force"),
    Gap.OTHER_KIND: _("card for others only"),
}
"""Why there is no grade on a day gone by."""

UNITS: Words = {
    "points": pgettext_lazy("unit", "points"),
    "hours": pgettext_lazy("unit", "hours"),
    "organisations": pgettext_lazy("unit", "organisations"),
    "statements": pgettext_lazy("unit", "statements"),
}
"""Units of whole numbers that are written out; a year is not, and money has its currency."""
