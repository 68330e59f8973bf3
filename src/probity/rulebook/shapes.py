"""What a file of a rulebook holds, by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic import BaseModel

from probity.rulebook.cases import CasesFile
from probity.rulebook.list_cases import ListCasesFile
from probity.rulebook.lists import LeftOut, ListRule
from probity.rulebook.measures import MeasureRule, Memorandum
from probity.rulebook.model import Agency, CalendarRule, Category, Item, Mapping, RulebookInfo, Scheme
from probity.rulebook.scorecard import Scorecard

FIRST = "rulebook.yaml"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a file of that name holds: models of one kind, one to the file or in a ``list``."""

    pattern: str
    kind: str
    model: type[BaseModel]
    key: str
    list: str | None = None

    def holds(self, inside: str) -> bool:
        """Whether a file of that name (relative to the rulebook) is one of these."""
        return re.fullmatch(re.escape(self.pattern).replace(r"\*", "[^/]+"), inside) is not None


SHAPES: tuple[Shape, ...] = (
    Shape(FIRST, "rulebooks", RulebookInfo, "rulebook"),
    Shape("schemes.yaml", "schemes", Scheme, "scheme", "schemes"),
    Shape("agencies.yaml", "agencies", Agency, "agency", "agencies"),
    Shape("categories.yaml", "categories", Category, "category", "categories"),
    Shape("catalogue.yaml", "items", Item, "item", "items"),
    Shape("catalogue/*.yaml", "items", Item, "item", "items"),
    Shape("intake/*.yaml", "mappings", Mapping, "mapping"),
    Shape("scorecards/*.cases.yaml", "cases", CasesFile, "card"),
    Shape("scorecards/*.yaml", "cards", Scorecard, "card"),
    Shape("calendars/*.yaml", "calendars", CalendarRule, "calendar"),
    Shape("lists/*.cases.yaml", "list_cases", ListCasesFile, "list"),
    Shape("lists/left-out.yaml", "left_out", LeftOut, "row", "left_out"),
    Shape("lists/*.yaml", "lists", ListRule, "list", "lists"),
    Shape("measures.yaml", "measures", MeasureRule, "measure", "measures"),
    Shape("measures/*.yaml", "measures", MeasureRule, "measure", "measures"),
    Shape("memoranda.yaml", "memoranda", Memorandum, "memorandum", "memoranda"),
    Shape("memoranda/*.yaml", "memoranda", Memorandum, "memorandum", "memoranda"),
)
"""The first that fits a file's name says what it holds."""
