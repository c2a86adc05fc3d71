"""The console script `dms`."""

import sys

from dms.cli.root import run


def main() -> None:
    """Carry out what was typed and exit with its code."""
    sys.exit(run())


if __name__ == "__main__":
    main()
