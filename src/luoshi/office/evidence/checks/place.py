"""Whether a point lies in the county, and how far outside it if not."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]  # longitude, latitude in degrees

_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Area:
    """A county's outline: rings of (longitude, latitude); a point in an odd number of rings is inside, so holes and
    enclaves need no mark. All in one datum (WGS 84 for positions from phones)."""

    name: str
    rings: Sequence[Sequence[Point]]

    @classmethod
    def box(cls, name: str, west: float, south: float, east: float, north: float) -> "Area":
        """Return a rectangle, for counties whose outline is not at hand."""
        return cls(name, (((west, south), (east, south), (east, north), (west, north)),))

    def contains(self, point: Point) -> bool:
        """Say whether the point is inside (even-odd rule)."""
        return sum(_crossings(ring, point) for ring in self.rings) % 2 == 1

    def metres_outside(self, point: Point) -> float:
        """Return the distance to the outline in metres, 0 inside; good to a percent within some 100 km."""
        if self.contains(point):
            return 0.0
        return min(_to_edge(point, a, b) for ring in self.rings for a, b in _edges(ring))


def _edges(ring: Sequence[Point]) -> list[tuple[Point, Point]]:
    return list(zip(ring, [*ring[1:], ring[0]], strict=True))


def _crossings(ring: Sequence[Point], point: Point) -> int:
    x, y = point
    count = 0
    for (x1, y1), (x2, y2) in _edges(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            count += 1
    return count


def _to_edge(point: Point, a: Point, b: Point) -> float:
    wide = _METRES_PER_DEGREE * math.cos(math.radians(point[1]))
    ax, ay = (a[0] - point[0]) * wide, (a[1] - point[1]) * _METRES_PER_DEGREE
    bx, by = (b[0] - point[0]) * wide, (b[1] - point[1]) * _METRES_PER_DEGREE
    dx, dy = bx - ax, by - ay
    along = 0.0 if dx == dy == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / (dx * dx + dy * dy)))
    return math.hypot(ax + along * dx, ay + along * dy)
