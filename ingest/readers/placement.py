"""How a picture as it is stored lies on the page as it is seen: mirrored, turned by quarters."""

from dataclasses import dataclass

import numpy as np

from ingest.readers.straighten import Picture

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Placement:
    """Applied in this order: rows and columns swapped, mirrored down, mirrored across, turned clockwise by quarters."""

    swapped: bool = False
    flip_down: bool = False
    flip_across: bool = False
    quarters: int = 0

    @property
    def changes_sides(self) -> bool:
        """Whether width becomes height."""
        return self.swapped != bool(self.quarters % 2)

    def turned(self, clockwise: int) -> "Placement":
        """The same and then turned by a multiple of 90° clockwise."""
        return Placement(self.swapped, self.flip_down, self.flip_across, (self.quarters + clockwise // 90) % 4)

    def apply(self, picture: Picture) -> Picture:
        """The picture as it is seen."""
        if self.swapped:
            picture = picture.swapaxes(0, 1)
        picture = picture[:: -1 if self.flip_down else 1, :: -1 if self.flip_across else 1]
        return np.ascontiguousarray(np.rot90(picture, -self.quarters))

    def point(self, across: float, down: float) -> Point:
        """Where a point of the stored picture is seen; both 0-1 from the upper left."""
        if self.swapped:
            across, down = down, across
        across, down = (1 - across if self.flip_across else across), (1 - down if self.flip_down else down)
        for _ in range(self.quarters):
            across, down = 1 - down, across
        return across, down


EXIF = {
    1: Placement(),
    2: Placement(flip_across=True),
    3: Placement(quarters=2),
    4: Placement(flip_down=True),
    5: Placement(swapped=True),
    6: Placement(quarters=1),
    7: Placement(swapped=True, quarters=2),
    8: Placement(quarters=3),
}
