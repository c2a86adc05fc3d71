"""The console script `dms`."""

import sys
import warnings

from dms.cli.root import run


def main() -> None:
    """Carry out what was typed and exit with its code."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # what libraries say to developers is not for those who type commands
    sys.exit(run())


if __name__ == "__main__":
    main()
