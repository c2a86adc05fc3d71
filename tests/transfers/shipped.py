"""The categories as they ship, with their levels."""

import csv
from importlib import resources

SHIPPED = {
    row["code"]: int(row["vertrouwelijkheid"][1])
    for row in csv.DictReader(
        resources.files("dms.defaults").joinpath("categories.csv").read_text(encoding="utf-8").splitlines(),
        delimiter=";",
    )
}
