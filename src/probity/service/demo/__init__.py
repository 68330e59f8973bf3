"""The demo: real inspections of San Francisco and a generated province through the whole loop.

``prepare`` takes everything in, grades it, and holds the official scores against ours; run again, it does only
what is missing. What it generates says so in every row, and uses codes that no registrar gives.
"""

from probity.service.demo.official import Fault
from probity.service.demo.province import LAST_DAY, GeneratedFile, generate
from probity.service.demo.stages import DAYS, NOTICE, SAN_FRANCISCO, SAN_FRANCISCO_DAY, Figures, prepare

__all__ = [
    "DAYS",
    "LAST_DAY",
    "NOTICE",
    "SAN_FRANCISCO",
    "SAN_FRANCISCO_DAY",
    "Fault",
    "Figures",
    "GeneratedFile",
    "generate",
    "prepare",
]
