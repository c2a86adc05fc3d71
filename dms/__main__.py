"""The console script `dms`."""

import signal
import sys
import warnings

from dms.cli.root import run


def main() -> None:
    """Carry out what was typed and exit with its code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what a command holds is given back, as with Ctrl-C
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # what libraries say to developers is not for those who type commands
    sys.exit(run())


if __name__ == "__main__":
    main()
