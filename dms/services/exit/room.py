"""All that has to do with a school that leaves, in one place for commands and screens."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dms.services.exit.export import ExitExport
from dms.services.exit.facts import Facts, facts_of
from dms.services.exit.orders import ExitOrders
from dms.services.tools import Tools


@dataclass(frozen=True, slots=True)
class ExitRoom:
    """Orders, exports and what must be equal afterwards. Reading one back is `dms.services.exit.load`."""

    tools: Tools
    orders: ExitOrders
    exports: ExitExport

    @classmethod
    def of(cls, tools: Tools, public_key: Callable[[], str], scratch: Path) -> "ExitRoom":
        """Furnish the room."""
        return cls(tools, ExitOrders(tools), ExitExport(tools, public_key, scratch))

    def facts(self, brin: str) -> Facts:
        """What must be equal in the house that a school goes to. Raises NotFound."""
        return facts_of(self.tools, brin, self.tools.clock.today())
