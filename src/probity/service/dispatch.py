"""The outbox: each document of a case as one file for each contact, written whole, and once.

Channels (post, portal) take the ``.txt`` files from there, which are whole; that a document arrived is proven
to the case, never assumed. A file is written under another name first and then renamed, and only then recorded:
whoever is killed between writes the same file with the same bytes again, under the same name.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from django.db import transaction

from probity.dossier import GENERATED
from probity.errors import LedgerError
from probity.ledger import failures
from probity.procedures import Served, served, store
from probity.procedures.listing import Listing
from probity.rulebook import Law
from probity.scoring.folder import durable, write_whole, writing
from probity.service.documents import text_of

AT_ONCE = 200
"""Cases looked at together."""
MADE_UP = "generated"
"""The folder in the outbox for what is about made-up organisations: nothing there may reach anybody."""

Told = Callable[[int, int | None], None]
"""Is told how many documents were written."""


@dataclass(frozen=True, slots=True)
class Dispatched:
    """How many files were written, and where; ``unsound`` are the cases whose documents wait because they cannot
    have happened (fsck says why)."""

    folder: str
    files: int
    unsound: tuple[str, ...] = ()


def dispatch(law: Law, folder: Path, told: Told | None = None) -> Dispatched:
    """Write every document that waits into ``folder``. Raises StoreError where it cannot be written.

    A case that cannot have happened keeps nobody else's documents back; they are all looked at again until it is
    mended.
    """
    files, unsound = 0, list[str]()
    with failures(), _alone_in(folder):
        upto = store.dispatched_upto()
        while waiting := store.to_dispatch(upto, AT_ONCE):
            done = store.dispatched([each.number for each in waiting])
            for each in waiting:
                try:
                    case = store.case(each.number, law)
                except LedgerError:
                    unsound.append(each.number)
                    continue
                for one in served(case):
                    if (one.document, one.contact.name) not in done:
                        _serve(one, case, law, folder, generated=each.generated)
                        files += 1
                        if told:
                            told(files, None)
            upto = waiting[-1].position
            if not unsound:
                store.move_on(upto)
    return Dispatched(str(folder), files, tuple(unsound))


def name_of(one: Served) -> str:
    """The name of the file: the number of the document and the contact."""
    return f"{quote(one.document.replace('/', '_'), safe=' ')}--{quote(one.contact.name, safe='')}.txt"


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait until nobody else writes into this outbox; ends with the process, however that ends."""
    with writing(folder, "the document"):
        folder.mkdir(parents=True, exist_ok=True)
        there = os.open(folder, os.O_RDONLY)
    try:
        flock(there, LOCK_EX)
        yield
    finally:
        os.close(there)


def _serve(one: Served, case: Listing, law: Law, folder: Path, *, generated: bool) -> None:
    into = folder / MADE_UP if generated else folder
    language = "zh" if case.subject.startswith("cn-") else "en"
    text = text_of(case, one.document, law, language)
    head = [GENERATED] if generated else []
    to = f"{one.contact.subject} ({one.contact.name}, {one.contact.means})"
    whole = "\n".join([*head, one.document, to, "", text, ""]).encode()
    path = into / name_of(one)
    with writing(path, "the document"):
        _write(path, whole)
    with transaction.atomic(durable=True):
        store.mark_dispatched(one, str(path.relative_to(folder)), sha256(whole).hexdigest())


def _write(path: Path, whole: bytes) -> None:
    """Write a file so that it is there whole or not at all, also where the machine stops."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, whole)
    durable(path.parent)
