"""The command line: one command a question or act, ``--json`` on each, an exit code for each kind of error.

0 all is well; 1 findings or faults; 2 bad input; 3 not found; 4 refused by the charter; 5 refused by the
ledger; 6 the database or the disk failed; 70 a fault in Probity itself; 130 stopped by Ctrl-C; 141 the reader
of the answer left.
"""

from probity.cli.main import main

__all__ = ["main"]
