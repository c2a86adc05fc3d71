"""Handing a dossier over: composing a package, freezing it, having it inspected, sending it and its receipt.

Screens, commands and the portal use `Transfers` (`desk.py`); the rules are in `rights.rules.transfer_gate`, the form of
the package in `dms.wire.transfer_package`. What is not here: receiving a package, and making redacted copies.
"""

from dms.services.transfers.desk import Transfers

__all__ = ["Transfers"]
