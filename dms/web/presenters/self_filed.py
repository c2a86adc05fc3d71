"""What filed itself, as the daily list shows it."""

from dataclasses import dataclass

from flask import url_for

from dms.kernel.text import N_
from dms.web.texts import day, moment, number, say_many
from ingest.service.confirming import SelfFiled, SelfFiledCounts, SelfFiledLine


@dataclass(frozen=True, slots=True)
class SelfFiledRow:
    """One document that waits for a look. `picture` is empty for who may not read it."""

    key: str
    title: str
    address: str
    picture: str
    pupil: str
    group: str
    pupil_address: str
    category: str
    date: str
    share: str
    filed: str
    today: bool


def rows(found: SelfFiled) -> tuple[SelfFiledRow, ...]:
    """The lines of the list."""
    return tuple(_row(x) for x in found.lines)


def summary(counts: SelfFiledCounts) -> tuple[str, ...]:
    """How recognition did of late, in sentences; empty where nothing filed itself."""
    if not counts.filed:
        return ()
    told = [
        say_many(
            N_("In de laatste 30 dagen is %(num)d document vanzelf opgeborgen."),
            N_("In de laatste 30 dagen zijn %(num)d documenten vanzelf opgeborgen."),
            counts.filed,
        )
    ]
    if counts.confirmed:
        told.append(
            say_many(
                N_("Daarvan is %(num)d document bekeken."),
                N_("Daarvan zijn %(num)d documenten bekeken."),
                counts.confirmed,
            )
        )
    if counts.corrected:
        told.append(
            say_many(
                N_("Bij %(num)d document is iets verbeterd. Daar leert de herkenning van."),
                N_("Bij %(num)d documenten is iets verbeterd. Daar leert de herkenning van."),
                counts.corrected,
            )
        )
    return tuple(told)


def _row(line: SelfFiledLine) -> SelfFiledRow:
    return SelfFiledRow(
        key=str(line.document_id),
        title=line.title,
        address=url_for("document.page", document_id=line.document_id),
        picture=url_for("pictures.thumbnail", document_id=line.document_id, number=1) if line.readable else "",
        pupil=line.pupil_name,
        group=line.group,
        pupil_address=url_for("pupils.dossier", pupil_id=line.pupil_id),
        category=line.category_name,
        date=day(line.document_date) if line.document_date else "",
        share=f"{number(int(line.confidence * 100))} %" if line.confidence is not None else "",
        filed=moment(line.filed_at),
        today=line.today,
    )
