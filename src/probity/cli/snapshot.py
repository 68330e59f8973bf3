"""The command that moves what scorecards can see into files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from probity import dossier
from probity.cli.files import AsJson
from probity.cli.output import OUT, print_json, print_pairs, progress
from probity.scoring.snapshot import MadeSnapshot
from probity.service import running
from probity.service.snapshot import default_folder
from probity.service.snapshot import snapshot as make


def snapshot(
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder of the snapshot; if left out, one in the data folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a snapshot for scoring, or bring it up to date.

    What scorecards can see of every organisation, in Parquet files that any tool reads (docs/snapshot.md). Only
    what the ledger gained is read; stopped at any point, it goes on from there when started again.
    """
    folder = out or default_folder()
    with running() as house, progress("statements", quiet=as_json) as update:
        made = make(folder, house.law, lambda what, done, total: update(done, total, what))
    report = _report(folder, made)
    if as_json:
        print_json(report)
        return
    if made.manifest.generated:
        OUT.print(dossier.GENERATED, style="bold yellow")
    print_pairs({name.replace("_", " "): _shown(value) for name, value in report.items() if name != "notice"})


def _report(folder: Path, made: MadeSnapshot) -> dict[str, object]:
    manifest = made.manifest
    return {
        **({"notice": dossier.GENERATED} if manifest.generated else {}),
        "folder": str(folder),
        "position": manifest.position,
        "known_at": manifest.known_at.isoformat(),
        "organisations": sum(part.rows("organisations") for part in manifest.parts),
        "records": sum(part.rows("records") for part in manifest.parts),
        "statements_read": made.statements,
        "parts_written": made.written,
        "parts_kept": made.kept,
        "bytes": sum(file.bytes for file in manifest.files),
        "hash": manifest.hash,
        **({"made_anew": made.anew} if made.anew else {}),
    }


def _shown(value: object) -> object:
    return f"{value:,}" if isinstance(value, int) else value


COMMANDS = (snapshot,)
