"""What would change a grade, how firmly it stands, and how it went.

:func:`counterfactual` looks for what would lift a grade (time alone, repair, good conduct), :func:`sensitivity`
for what it rests on, :func:`history` for the grades of days gone by; :func:`advise` says the first two in English
and Chinese. All of it asks the card's own rules, matched once with an organisation's records (``reading``), on one
day or along every day of a stretch (``course``).
"""

from probity.scoring.outlook.advice import Carrier, Named, Outlook, Told, advise
from probity.scoring.outlook.ahead import Ahead, Change, Moment, Passing
from probity.scoring.outlook.conduct import Conduct, Deed
from probity.scoring.outlook.counterfactual import Counterfactual, Held, counterfactual
from probity.scoring.outlook.hints import Lateness
from probity.scoring.outlook.history import Gap, Graded, History, Later, Point, history, needed, said_later
from probity.scoring.outlook.repair import Repair, RepairSet
from probity.scoring.outlook.sensitivity import Edge, Sensitivity, Without, sensitivity

__all__ = [
    "Ahead",
    "Carrier",
    "Change",
    "Conduct",
    "Counterfactual",
    "Deed",
    "Edge",
    "Gap",
    "Graded",
    "Held",
    "History",
    "Lateness",
    "Later",
    "Moment",
    "Named",
    "Outlook",
    "Passing",
    "Point",
    "Repair",
    "RepairSet",
    "Sensitivity",
    "Told",
    "Without",
    "advise",
    "counterfactual",
    "history",
    "needed",
    "said_later",
    "sensitivity",
]
