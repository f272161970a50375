"""The catalogue with one schedule more, whose slots are there every day: the crowds' halls are open on Sundays too."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

CATALOGUE = Path(__file__).parents[2] / "catalogue"
NAME = "crowded"
AHEAD_DAYS = 14
FIRST, STARTS, GRID = 9 * 60, 20, 15
"""Minutes: of the day at which the first slot begins, and of a slot; slots of a day."""

TOTAL, ONLINE = 5, 4
"""Places of a slot, and those of them for citizens."""

_POLICY = f"""
  {NAME}:
    horizon: {{days: 60}}
    release: {{at: "00:00"}}
    cutoff: {{minutes: 30}}
"""
_LAST = FIRST + STARTS * GRID
_RULE = f"""
  {NAME}:
    - {{id: all-day, session: normal, days: [workday, makeup, weekend, holiday, in_lieu], from: "{FIRST // 60:02d}:00",
       to: "{_LAST // 60:02d}:{_LAST % 60:02d}", policy: {NAME}, places: {TOTAL}, online: {ONLINE / TOTAL}}}
"""


def write(folder: Path) -> Path:
    """Copy the catalogue into a folder that is not there yet, with that schedule.

    Returns:
        The folder.
    """
    shutil.copytree(CATALOGUE, folder)
    path = folder / "schedules.yaml"
    text = re.sub(r"^ahead_days: \d+", f"ahead_days: {AHEAD_DAYS}", path.read_text(), flags=re.MULTILINE)
    text = text.replace("\npolicies:\n", f"\npolicies:{_POLICY}").replace("\nschedules:\n", f"\nschedules:{_RULE}")
    path.write_text(text)
    return folder
