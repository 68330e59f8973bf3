"""Open a file by its ending: .csv (.tsv), .jsonl (.ndjson), .parquet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from probity.errors import IntakeError
from probity.intake.block import Source
from probity.intake.csv_source import CsvSource
from probity.intake.encoding import Survey, content_hash, survey
from probity.intake.json_source import JsonSource
from probity.intake.parquet_source import ParquetSource

ENDINGS = {".csv": "csv", ".tsv": "csv", ".jsonl": "json", ".ndjson": "json", ".parquet": "parquet"}


def look_at(path: Path, encoding: str) -> Survey:
    """Size, hash and encoding of a file, in one pass. Raises IntakeError (unknown ending, empty, wrong bytes)."""
    try:
        if path.suffix.lower() not in ENDINGS:
            raise IntakeError(
                f"files ending in {path.suffix or 'nothing'} are not known",
                where=str(path),
                remedy=f"Known are {', '.join(ENDINGS)}.",
            )
        return content_hash(path) if ENDINGS[path.suffix.lower()] == "parquet" else survey(path, encoding)
    except OSError as error:
        raise IntakeError(
            f"the file cannot be read: {error.strerror}", where=str(path), remedy="Check its name and rights."
        ) from error


def open_source(path: Path, found: Survey, needed: Sequence[str], required: Sequence[str]) -> Source:
    """The file as blocks with the columns ``needed``; ``required`` are those without which no row has a meaning.

    Raises IntakeError where the header, the schema or the file as a whole is wrong.
    """
    kind = ENDINGS[path.suffix.lower()]
    if kind == "csv":
        return CsvSource(path, found, needed)
    if kind == "json":
        return JsonSource(path, found, needed, required)
    return ParquetSource(path, found, needed)
