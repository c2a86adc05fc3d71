"""How a person likes the screens: shortcuts, light or dark, contrast, and whether the first guide is put away."""

from dataclasses import dataclass

from dms.db.tables import PreferenceRow
from dms.kernel.errors import NotFound
from dms.model.events import By
from dms.model.screens import Contrast, Theme
from dms.services.tools import Tools


@dataclass(frozen=True, slots=True)
class PreferenceView:
    """The tastes of one person; the defaults for who never chose."""

    shortcuts: bool = True
    theme: Theme = Theme.DEVICE
    contrast: Contrast = Contrast.DEVICE
    guide_put_away: bool = False


class Preferences:
    """A person's own tastes, kept with the account: they are no acts, and stand in no log."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def of(self, by: By) -> PreferenceView:
        """What the person chose."""
        if by.user_id is None:
            return PreferenceView()
        with self._tools.database.read() as session:
            row = session.get(PreferenceRow, by.user_id)
            return (
                PreferenceView(row.shortcuts, row.theme, row.contrast, row.guide_put_away) if row else PreferenceView()
            )

    def choose(self, by: By, wanted: PreferenceView) -> None:
        """Keep all tastes of the person. Raises NotFound for who has no account."""
        if by.user_id is None:
            raise NotFound
        with self._tools.database.begin() as uow:
            row = uow.session.get(PreferenceRow, by.user_id)
            if row is None:
                row = PreferenceRow(user_id=by.user_id)
                uow.session.add(row)
            row.shortcuts, row.theme, row.contrast = wanted.shortcuts, wanted.theme, wanted.contrast
            row.guide_put_away = wanted.guide_put_away
            row.changed_at = uow.now
