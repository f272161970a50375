"""Deterministic reading of free Chinese text into facts of a theme."""

from guidance.reading.acts import Act, ActKind, speech_act
from guidance.reading.normalise import Normalised, normalise
from guidance.reading.quantities import Quantity, read_quantities
from guidance.reading.reader import Reader
from guidance.reading.readings import Complaint, ComplaintCode, FactReading, FactValue, Reading

__all__ = [
    "Act",
    "ActKind",
    "Complaint",
    "ComplaintCode",
    "FactReading",
    "FactValue",
    "Normalised",
    "Quantity",
    "Reader",
    "Reading",
    "normalise",
    "read_quantities",
    "speech_act",
]
