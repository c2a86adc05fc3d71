"""Words for what the screens remember of a person."""

from enum import StrEnum


class Theme(StrEnum):
    """Light or dark; DEVICE follows what the device asks for."""

    DEVICE = "device"
    LIGHT = "light"
    DARK = "dark"


class Contrast(StrEnum):
    """How strong colours differ; DEVICE follows what the device asks for."""

    DEVICE = "device"
    NORMAL = "normal"
    MORE = "more"


class Opened(StrEnum):
    """What can be opened and found back under "last opened". PUPIL is the dossier of a pupil, under the pupil's id."""

    PUPIL = "pupil"
    DOCUMENT = "document"
