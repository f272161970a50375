"""Distances on the earth."""

from __future__ import annotations

import math

Point = tuple[float, float]
"""Latitude and longitude, in degrees."""

EARTH_RADIUS_KM = 6371.0


def kilometres(one: Point, other: Point) -> float:
    """The distance of two points as the crow flies (haversine)."""
    (south, west), (north, east) = ([math.radians(angle) for angle in point] for point in (one, other))
    half = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))
