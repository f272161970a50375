"""Which site a citizen means: 「张湾那个大厅」, 「马头镇」, 「市民中心」.

A name is read as places, the widest first, before what all such sites are called:
张湾区黄龙镇便民服务中心 is 张湾, 黄龙.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, TypeVar

from guidance.reading.normalise import squeeze

Key = TypeVar("Key")

_ASIDE: Final = re.compile(r"[（(][^（()）]*[)）]")
_KIND: Final = re.compile(
    r"(政务|便民|市民|行政|行政审批|企业|综合|党群|为民|社会事务)*(服务)?(分中心|中心|大厅|分厅|站点|服务站|站|服务点|点)$"
)
_PLACE: Final = re.compile(
    r"(.+?)(街道|社区|经济开发区|经开区|开发区|工业区|商务区|新区|养殖场|农场|镇|乡|村|区|县|市)"
)
_CENTER: Final = re.compile(r"市民(服务)?中心|政务(服务)?(大厅|中心)|行政(审批|服务)(大厅|中心|局)|市里的?大厅|总大厅")


def best(names: Iterable[tuple[str, Key]], text: str) -> list[Key]:
    """The keys whose names are told best by a text: more than one if it could be any of them."""
    said = squeeze(text)
    scored = [(_score(name, said), key) for name, key in names]
    highest = max((score for score, _ in scored), default=0)
    return [key for score, key in scored if score == highest > 0]


def means_center(text: str) -> bool:
    """Whether a text speaks of the city's hall without naming a place."""
    return _CENTER.search(squeeze(text)) is not None


def _score(name: str, said: str) -> int:
    """Characters of the name's places that are said; none without the last, which is the site's own."""
    places = _places(name)
    return sum(len(place) for place in places if place in said) if places and places[-1] in said else 0


@lru_cache(maxsize=16_384)
def _places(name: str) -> tuple[str, ...]:
    plain = _KIND.sub("", squeeze(_ASIDE.sub("", name)))
    # 城关镇 is said 城关, but 十一农场 is not 十一
    places = [bare if len(bare) > 1 and kind != "农场" else bare + kind for bare, kind in _PLACE.findall(plain)]
    rest = _PLACE.sub("", plain)
    return tuple([*places, rest] if len(rest) > 1 else places)
