"""`python3 -m dms.install`: refuses an old Python in words, before newer syntax is even read."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the people who need this line are the ones with an older Python
    sys.exit("Dossierkluis heeft Python 3.11 of nieuwer nodig; dit is Python " + sys.version.split()[0] + ".")

from dms.install.command import main

sys.exit(main())
