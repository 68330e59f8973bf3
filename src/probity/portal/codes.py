"""What a visitor typed into the search box or the address: a name, a sound code, a wrong one, or a person's."""

from __future__ import annotations

import re

from probity.errors import IdentifierError, NaturalPersonError
from probity.identity import identify
from probity.rulebook import Law

_PERSONAL = {"cn-uscc": r".*", "us-ein": r".*", "mx-rfc": r"[A-Z&Ñ]{4}[0-9]{6}([0-9A-Z]{3})?"}
"""The checks that know persons, and the form a word must have before the check is asked about it."""

_LIKE_A_USCC = re.compile(r"[0-9A-Z]{18}|[0-9]{15}")


def refuse_persons(text: str) -> None:
    """Raise NaturalPersonError if ``text``, or a word of it, is the code of a person (charter 1)."""
    for part in {text, *text.split()}:
        bare = re.sub(r"\s", "", part).upper()
        if sum(character.isdigit() for character in bare) < 6:
            continue
        for check, form in _PERSONAL.items():
            if re.fullmatch(form, bare):
                _refuse_person(check, part)


def _refuse_person(check: str, text: str) -> None:
    try:
        identify(check, text)
    except NaturalPersonError:
        # Raised anew, without what was typed.
        raise NaturalPersonError(
            "a natural person can have no file here", remedy="Search for an organisation."
        ) from None
    except IdentifierError:
        pass


def subjects_meant(text: str, law: Law) -> list[str]:
    """The organisations whose code ``text`` is, under every scheme with a check of its own; often none.

    ``scheme:code`` names the scheme. Raises IdentifierError for a code that is not sound under the scheme named,
    and for what looks like a unified social credit code and is not sound.
    """
    name, _, code = text.partition(":")
    if code and any(scheme.scheme == name for scheme in law.schemes):
        return [f"{name}:{normal_form(name, code, law)}"]
    bare = re.sub(r"[\s-]", "", text).upper()
    found: list[str] = []
    for scheme in {each.scheme: each for each in law.schemes}.values():
        if scheme.check == "local":
            continue
        try:
            found.append(f"{scheme.scheme}:{identify(scheme.check, text).code}")
        except IdentifierError:
            continue
    if not found and _LIKE_A_USCC.fullmatch(bare) and sum(c.isdigit() for c in bare) >= 6:
        identify("cn-uscc", bare)
    return found


def normal_form(scheme_id: str, code: str, law: Law) -> str:
    """``code`` as the scheme writes it. Raises NotFoundError for an unknown scheme, and IdentifierError."""
    refuse_persons(code)
    scheme = law.scheme(scheme_id)
    return identify(scheme.check, code, scheme.pattern).code
