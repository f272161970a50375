"""Compact signed codes on paper and screens, which anybody can check (R1)."""
