"""Lists as such: who decides, by which steps, for how long, and that each has an end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from probity.clock import shift
from probity.errors import QuestionError
from probity.rulebook.checks.charter import check_forbidden, check_persons, says_nothing, texts_of
from probity.rulebook.checks.refer import live, missing, twice
from probity.rulebook.checks.words import check_content, check_listed_persons
from probity.rulebook.finding import Finding
from probity.rulebook.lists import ENTRY, LeftOut, Level, ListKind, ListRule, Within
from probity.rulebook.model import Disclosure, Item, Period, Polarity
from probity.rulebook.reading import Loc
from probity.rulebook.shelf import Entry, Shelf

LONGEST = Period(number=5, unit="y")
"""No adverse entry lasts longer (R4.16)."""

_START = date(2001, 3, 1)


def check_lists(shelf: Shelf) -> Iterator[Finding]:
    """Every fault of the lists but those of their grounds, and of what was left out."""
    tried = {entry.id for entry in shelf.list_cases} | shelf.list_cases.written
    for rule in shelf.lists:
        texts = list(texts_of(rule.id.rpartition("/")[2], rule.model.name, "list"))
        yield from check_forbidden(rule, texts)
        yield from check_persons(rule, texts)
        yield from check_content(rule, texts)
        yield from check_listed_persons(rule, texts)
        yield from _record(shelf, rule)
        yield from _who(shelf, rule)
        yield from _steps(shelf, rule)
        yield from _lasts(rule)
        yield from _bands(rule)
        yield from _warns(shelf, rule)
        if rule.model.criteria and rule.id not in tried:
            yield rule.warning(f"{rule.id} has no worked cases", "Write them beside it, in a file *.cases.yaml.")
    yield from _left_out(shelf)


def days(period: Period) -> int:
    """How long a period is at the least, in days, so that periods of different units can be compared."""
    try:
        return (shift(_START, period.number, period.unit) - _START).days
    except QuestionError:
        return (date.max - _START).days


def _record(shelf: Shelf, rule: Entry[ListRule]) -> Iterator[Finding]:
    """The item under which an entry stands: it exists, speaks as the list does, and ends."""
    model = rule.model
    yield from missing(shelf, rule, shelf.items, model.record, "record")
    wrong = Polarity.POSITIVE if model.kind.adverse else Polarity.NEGATIVE
    for item in live(rule, shelf.items, model.record):
        if item.model.polarity is wrong:
            reason = f"{item.id} is {item.model.polarity}, which an entry on a {model.kind} list is not"
            yield rule.error(reason, "Name the item of such entries.", "record")
        elif model.kind.adverse and item.model.polarity is Polarity.NEUTRAL and model.kind is not ListKind.WATCH:
            reason = f"{item.id} is neutral, and need not end; an entry on a {model.kind} list must"
            yield rule.error(reason, "Make the item negative, with a term (charter 6).", "record")
        if not model.public and item.model.disclosure is Disclosure.OPEN:
            reason = f"{item.id} is open, and entries of {rule.id} are not public"
            yield rule.error(reason, "Name an item that is not open (R4.20).", "record")
        if model.criteria:
            yield from _says_all(rule, item.model)


def _says_all(rule: Entry[ListRule], item: Item) -> Iterator[Finding]:
    """Whether the record of an entry can say all that its decision says, for as long as it lasts."""
    if lacking := [name for name in ENTRY if item.attribute(name) is None]:
        reason = f"{item.item} cannot say all that a decision says: it has no {', '.join(lacking)}"
        yield rule.error(reason, "Add the attributes, of type text (charter 3).", "record")
    officer = item.attribute("officer")
    if officer is not None and officer.mask != "hidden":
        reason = f"{item.item} shows who decided"
        yield rule.error(reason, "Add mask: hidden to its officer (charter 1).", "record")
    lasts, shown = rule.model.lasts, item.term.display if item.term is not None else None
    if lasts is not None and shown is not None and days(lasts.display or lasts.maximum) > days(shown):
        reason = f"an entry may last {lasts.display or lasts.maximum}, and {item.item} is shown for {shown}"
        yield rule.error(reason, "What has an effect is shown: correct one of them (charter 6, R7.11).", "lasts")


def _who(shelf: Shelf, rule: Entry[ListRule]) -> Iterator[Finding]:
    model = rule.model
    yield from twice(rule, "scheme", [(each, ("schemes", n)) for n, each in enumerate(model.schemes)])
    for number, id_ in enumerate(model.schemes):
        yield from missing(shelf, rule, shelf.schemes, id_, "schemes", number)
    yield from twice(rule, "authority", [(each, ("authorities", n)) for n, each in enumerate(model.authorities)])
    for number, id_ in enumerate(model.authorities):
        yield from missing(shelf, rule, shelf.agencies, id_, "authorities", number)
        for agency in live(rule, shelf.agencies, id_):
            if not agency.model.may_state(model.record):
                reason = f"{id_} is not competent for {model.record}"
                remedy = f"Name the competent agency, or add it to competent_for ({agency.file}:{agency.line()})."
                yield rule.error(reason, f"{remedy} (charter 2)", "authorities", number)
            if Level(agency.model.level).rank < model.decides.level.rank:
                least = model.decides.level
                reason = f"{id_} is a {agency.model.level} agency, and the list is decided from {least} up"
                yield rule.error(reason, "Correct one of the two (R4.5).", "authorities", number)
    consent = model.decides.consent_below
    if consent is not None and consent.rank <= model.decides.level.rank:
        reason = f"whoever may decide stands at {model.decides.level} or above, so that nobody asks for consent"
        yield rule.error(reason, "Correct one of the two (R4.5, O7).", "decides", "consent_below")
    if model.ability and not model.kind.adverse:
        yield rule.error("ability is a condition of adverse entries", "Delete it (F5).", "ability")


def _steps(shelf: Shelf, rule: Entry[ListRule]) -> Iterator[Finding]:
    steps = rule.model.steps
    if steps is None:
        return
    yield from missing(shelf, rule, shelf.calendars, steps.calendar, "steps", "calendar")
    if (rule.model.decides.consent_below is None) != (steps.consent is None):
        reason = "consent needs a level below which it is asked for, and a time within which it is given"
        yield rule.error(reason, "Say both decides.consent_below and steps.consent, or neither (R4.5).", "steps")
    for name in ("respond", "announcement", "consent", "notify", "hear", "decide"):
        yield from _within(rule, getattr(steps, name), ("steps", name))
    if rule.model.leaving is not None:
        yield from _within(rule, rule.model.leaving.performed, ("leaving", "performed"))
        if says_nothing(rule.model.leaving.basis):
            reason = f"{rule.model.leaving.basis!r} is no legal basis"
            yield rule.error(reason, "Name the provision on leaving the list (charter 2).", "leaving", "basis")


def _within(rule: Entry[ListRule], within: Within | None, loc: Loc) -> Iterator[Finding]:
    if within is not None and says_nothing(within.rule):
        yield rule.error(f"{within.rule!r} sets no period", "Name the rule that does.", *loc, "rule")


def _lasts(rule: Entry[ListRule]) -> Iterator[Finding]:
    lasts = rule.model.lasts
    if lasts is None:
        return
    most = days(lasts.maximum)
    if rule.model.kind.adverse and most > days(LONGEST):
        reason = f"an entry could last {lasts.maximum}, longer than {LONGEST}"
        yield rule.error(reason, "Nothing adverse lasts longer (charter 6, R4.16).", "lasts", "maximum")
    for name in ("minimum", "stay", "display"):
        period: Period | None = getattr(lasts, name)
        if period is not None and days(period) > most:
            reason = f"{name} is {period}, longer than the maximum {lasts.maximum}"
            yield rule.error(reason, "Correct one of the two (R4.16).", "lasts", name)


def _bands(rule: Entry[ListRule]) -> Iterator[Finding]:
    bands, lasts = rule.model.bands, rule.model.lasts
    if bands is None:
        return
    yield from twice(rule, "band", [(b.band, ("bands", "bands", n, "band")) for n, b in enumerate(bands.bands)])
    if not any(band.lists for band in bands.bands):
        yield rule.error("no band is listed, so that nobody can be", "Let one be.", "bands", "bands")
    for number, band in enumerate(bands.bands):
        loc = ("bands", "bands", number)
        if band.maximum is not None and lasts is not None:
            if days(band.maximum) > days(lasts.maximum):
                reason = f"{band.band} may last {band.maximum}, longer than the list's maximum {lasts.maximum}"
                yield rule.error(reason, "Correct one of the two (R4.16).", *loc, "maximum")
            if days(band.maximum) < days(lasts.minimum):
                reason = (
                    f"{band.band} may last {band.maximum} at most, less than the list's minimum {lasts.minimum}"
                )
                yield rule.error(reason, "Correct one of the two (R4.16).", *loc, "maximum")
        wrong = "reward" if rule.model.kind.adverse else "rights-reducing"
        if wrong in band.measures and "measures" in band.model_fields_set:
            reason = f"{band.band} allows {wrong} measures, which a {rule.model.kind} list never brings"
            yield rule.error(reason, "Delete it.", *loc, "measures")


def _warns(shelf: Shelf, rule: Entry[ListRule]) -> Iterator[Finding]:
    warned = rule.model.warns_of
    if warned is None:
        return
    yield from missing(shelf, rule, shelf.lists, warned, "warns_of")
    for other in live(rule, shelf.lists, warned):
        if not other.model.kind.adverse or other.model.kind is ListKind.WATCH:
            reason = f"{warned} is a {other.model.kind} list, before which nobody needs to be warned"
            yield rule.error(reason, "Name the list that would be worse.", "warns_of")


def _left_out(shelf: Shelf) -> Iterator[Finding]:
    """A row of the sources is left out once, with a reason that says something."""
    seen: dict[str, Entry[LeftOut]] = {}
    for entry in shelf.left_out:
        if entry.id in seen:
            other = seen[entry.id]
            reason = f"{entry.id} was left out before ({other.file}:{other.line()})"
            yield entry.error(reason, "Keep one of the two.", "row")
        seen[entry.id] = entry
        if says_nothing(entry.model.why):
            yield entry.error(f"{entry.model.why!r} is no reason", "Say why it is not encoded.", "why")
