"""From what somebody typed to the organisation that is meant."""

from __future__ import annotations

from probity.dossier import known_subjects
from probity.errors import IdentifierError, NaturalPersonError, NotFoundError, QuestionError
from probity.identity import identify
from probity.rulebook import Law, Scheme


def subject_of(text: str, law: Law) -> str:
    """The key of the organisation under ``text``: ``scheme:code``, or a code alone.

    Raises NaturalPersonError for a person's code, IdentifierError for a code that fails its check,
    NotFoundError if no scheme has such a code registered, QuestionError if several have.
    """
    name, separator, code = text.strip().partition(":")
    if separator and any(scheme.scheme == name for scheme in law.schemes):
        return _key(law.scheme(name), code)
    candidates, faults = [], []
    for scheme in _newest(law):
        try:
            candidates.append(_key(scheme, text))
        except NaturalPersonError:
            raise
        except IdentifierError as fault:
            faults.append((scheme, fault))
    known = sorted(known_subjects(candidates))
    if len(known) > 1:
        raise QuestionError(
            f"{text} is registered under several schemes", remedy=f"Write one of: {', '.join(known)}."
        )
    if known:
        return known[0]
    if not candidates and _looks_like_uscc(text):
        raise next(fault for scheme, fault in faults if scheme.check == "cn-uscc")
    raise NotFoundError(
        f"no organisation is registered under the code {text!r}",
        remedy="Search by name, or write scheme:code. Schemes: " + ", ".join(s.scheme for s in _newest(law)) + ".",
    )


def _key(scheme: Scheme, code: str) -> str:
    return f"{scheme.scheme}:{identify(scheme.check, code, scheme.pattern).code}"


def _newest(law: Law) -> list[Scheme]:
    return list({scheme.scheme: scheme for scheme in law.schemes}.values())


def _looks_like_uscc(text: str) -> bool:
    return len(text.strip()) == 18 and text.strip().isalnum()
