"""Who may see what until when: the only way out of a dossier.

What is not open, past its term, withdrawn, or repaired and adverse does not leave; masked fields leave masked;
a contested record leaves with its contest. Generated data leave with a notice that says so.
"""

from probity.publication.grade import PublicGrade, public_grade
from probity.publication.model import PublicField, PublicFile, PublicRecord
from probity.publication.outlook import public_history, public_outlook
from probity.publication.view import as_json, masked, public_file

__all__ = [
    "PublicField",
    "PublicFile",
    "PublicGrade",
    "PublicRecord",
    "as_json",
    "masked",
    "public_file",
    "public_grade",
    "public_history",
    "public_outlook",
]
