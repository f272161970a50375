"""Limits in working days that were counted by hand (行政许可法 art. 82); the benchmarks measure against them too."""

from datetime import date

COUNTED = (
    (date(2026, 2, 12), 5, date(2026, 2, 26)),
    (date(2026, 2, 13), 1, date(2026, 2, 14)),
    (date(2026, 4, 30), 10, date(2026, 5, 18)),
    (date(2026, 6, 18), 3, date(2026, 6, 24)),
    (date(2026, 9, 18), 5, date(2026, 9, 24)),
    (date(2026, 9, 19), 5, date(2026, 9, 24)),
    (date(2026, 9, 24), 20, date(2026, 10, 29)),
    (date(2026, 9, 30), 1, date(2026, 10, 8)),
    (date(2026, 11, 20), 20, date(2026, 12, 18)),
    (date(2026, 11, 20), 30, None),
)
"""From a day, so many working days, until; None as 2027 is not published."""
