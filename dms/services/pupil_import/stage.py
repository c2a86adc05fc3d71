"""Turns a plan into a batch of rows. Seals national numbers; touches the key store, not the database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from dms.db.tables import (
    Base,
    CarerRow,
    DossierRow,
    EnrolmentRow,
    FormerNameRow,
    GroupKeyRow,
    GroupPlacementRow,
    GroupRow,
    GroupStaffRow,
    PersonRow,
    PupilCarerRow,
    PupilIdentifierRow,
    PupilRow,
    SiteRow,
)
from dms.kernel.ids import new_id
from dms.services.pupil_import.batch import Batch, PupilWork, Row
from dms.services.pupil_import.load import School
from dms.services.pupils import sort_key
from dms.services.shapes import SchoolView
from ingest.rules.pupils.groups import GroupKey, NamedGroup, Rename, StaffChange
from ingest.rules.pupils.known import CarerLink, KnownPupil, PupilState
from ingest.rules.pupils.life import group_key
from ingest.rules.pupils.plan import PupilPlan
from storage.vault import Vault

BSN_COLUMN = "bsn"
EDUCATION_COLUMN = "education_number"
"""The names of the sealed columns, to which their ciphertext is bound."""

_SEALED = {
    "bsn_sealed": (BSN_COLUMN, "bsn_digest"),
    "education_number_sealed": (EDUCATION_COLUMN, "education_digest"),
}
"""Column, the number's name in a list and in its seal, and the digest by which another number shows."""

_YEAR_LEVEL_LENGTH = 10
_GROUP_KEY_LENGTH = 64


class Stager:
    """Collects the rows of all pupils of a plan."""

    def __init__(self, school: SchoolView, known: School, vault: Vault) -> None:
        self.batch = Batch()
        self.work: list[PupilWork] = []
        self._school = school
        self._known = known
        self._bare = known.bare
        self._groups = dict(known.groups)
        self._sites = dict(known.sites)
        self._vault = vault

    def stage(self, plans: Sequence[PupilPlan]) -> None:
        """Add all of `plans`. Raises what the key store raises."""
        self._new_groups(plans)
        ids = [plan.known.id if plan.known else new_id() for plan in plans]
        sealed = self._sealed(dict(zip(ids, plans, strict=True)))
        for pupil_id, plan in zip(ids, plans, strict=True):
            self._pupil(pupil_id, plan, sealed[pupil_id])

    def stage_groups(
        self, groups: Sequence[NamedGroup], renamed: Sequence[Rename], source: str, school_year: int
    ) -> None:
        """Add the groups that a file names by key: other names of known ones, and keys with their school year."""
        for one in renamed:
            self._groups.pop(group_key(one.old), None)
            self._groups[group_key(one.new)] = one.group_id
            self.batch.changed[GroupRow].append({"id": one.group_id, "name": one.new})
        stored = {x.key: x for x in self._known.group_keys if x.source == source}
        for group in groups:
            group_id = self._groups.get(group_key(group.name))
            if group_id is None or len(group.key) > _GROUP_KEY_LENGTH:
                continue
            known = stored.get(group.key)
            values: Row = {"group_id": group_id, "school_year": school_year}
            if known is None:
                key_id = new_id()
                ours: Row = {"id": key_id, "school_id": self._school.id, "source": source, "key": group.key}
                stored[group.key] = GroupKey(key_id, group_id, source, group.key, school_year)
                self.batch.added[GroupKeyRow].append({**ours, **values})
            elif (known.group_id, known.school_year) != (group_id, school_year):
                self.batch.changed[GroupKeyRow].append({"id": known.id, **values})

    def stage_staff(self, changes: Sequence[StaffChange], source: str, today: date) -> None:
        """Add the places of known mentors in groups. Call after `stage` and `stage_groups`."""
        for one in changes:
            if one.stay is not None:
                self.batch.changed[GroupStaffRow].append({"id": one.stay, "until": today})
            elif (group_id := self._groups.get(group_key(one.group))) is not None:
                self.batch.added[GroupStaffRow].append(
                    {
                        "id": new_id(),
                        "user_id": one.user_id,
                        "group_id": group_id,
                        "since": today,
                        "until": None,
                        "origin": source,
                    }
                )

    def _pupil(self, pupil_id: UUID, plan: PupilPlan, sealed: Row) -> None:
        before, after = (plan.known.state if plan.known else None), plan.after
        row: Row = {"id": pupil_id, **_columns(after), **sealed}
        if plan.known is None:
            person = new_id()
            self.batch.added[PersonRow].append({"id": person})
            ours = {"board_id": self._school.board_id, "school_id": self._school.id, "person_id": person}
            self.batch.added[PupilRow].append({**row, **ours, "row_version": 1, "destroyed_before": plan.destroyed})
        else:
            if plan.known.state.number_key != after.number_key:
                self.batch.renumbered.append(pupil_id)
            self.batch.changed[PupilRow].append({**row, "row_version": plan.known.row_version + 1})
        self._dossier(pupil_id, plan.known, after)
        old = before or PupilState(number="")
        self._enrolments(pupil_id, old, after)
        self._stays(pupil_id, old, after)
        self._carers(pupil_id, old.carers, after.carers)
        self._identifiers(pupil_id, old, after)
        for name in after.former_names:
            if name.id is None:
                self.batch.added[FormerNameRow].append(
                    {
                        "id": new_id(),
                        "pupil_id": pupil_id,
                        "given_name": name.given_name,
                        "prefix": name.prefix,
                        "surname": name.surname,
                        "until": name.until,
                    }
                )
        renamed = before is not None and (before.full_name, before.number) != (after.full_name, after.number)
        self.work.append(
            PupilWork(
                pupil_id=pupil_id,
                is_new=plan.known is None,
                fields=tuple(dict.fromkeys(x.field for x in plan.changes)),
                renamed=renamed,
                state_before=before.dossier.value if before else None,
                state_after=after.dossier.value,
            )
        )

    def _sealed(self, plans: Mapping[UUID, PupilPlan]) -> dict[UUID, Row]:
        """The sealed columns by pupil: of a new one both, of a known one only what became another number.

        All in one go: a key of its own for each of thousands of pupils is one commit, not thousands.
        """
        rows: dict[UUID, Row] = {}
        numbers: dict[tuple[UUID, str], bytes] = {}
        for pupil_id, plan in plans.items():
            before = plan.known.state if plan.known else None
            rows[pupil_id] = {} if before else dict.fromkeys(_SEALED)
            for column, (name, digest) in _SEALED.items():
                number = getattr(plan.record, name)
                if number is not None and _other(before, plan.after, digest):
                    rows[pupil_id][column] = None
                    numbers[pupil_id, name] = number.value.encode()
        sealed = self._vault.seal_many(numbers)
        for pupil_id, row in rows.items():
            for column, (name, _) in _SEALED.items():
                if (pupil_id, name) in sealed:
                    row[column] = sealed[pupil_id, name]
        return rows

    def _dossier(self, pupil_id: UUID, known: KnownPupil | None, after: PupilState) -> None:
        values: Row = {"state": after.dossier, "opened_on": after.opened_on, "closed_on": after.closed_on}
        if known is None or known.id in self._bare:
            ours = {"board_id": self._school.board_id, "school_id": self._school.id, "pupil_id": pupil_id}
            self.batch.added[DossierRow].append({"id": new_id(), **ours, **values})
        elif (known.state.dossier, known.state.opened_on, known.state.closed_on) != tuple(values.values()):
            self.batch.dossiers[pupil_id] = values

    def _enrolments(self, pupil_id: UUID, before: PupilState, after: PupilState) -> None:
        old = {x.id: x for x in before.enrolments}
        for one in after.enrolments:
            row = {"site_id": self._site(one.site), "since": one.since, "until": one.until}
            if old.get(one.id) != one:
                self.batch.enrolled[pupil_id] = None
            if one.id is None:
                self.batch.added[EnrolmentRow].append({"id": new_id(), "pupil_id": pupil_id, **row})
            elif old[one.id] != one:
                self.batch.changed[EnrolmentRow].append({"id": one.id, **row})

    def _stays(self, pupil_id: UUID, before: PupilState, after: PupilState) -> None:
        old = {x.id: x for x in before.stays}
        for one in after.stays:
            if one.id is None:
                group = self._groups[group_key(one.group)]
                days = {"since": one.since, "until": one.until}
                self.batch.added[GroupPlacementRow].append(
                    {"id": new_id(), "pupil_id": pupil_id, "group_id": group, **days}
                )
            elif old[one.id] != one:
                self.batch.changed[GroupPlacementRow].append({"id": one.id, "since": one.since, "until": one.until})
        self._remove(GroupPlacementRow, old, (x.id for x in after.stays))

    def _carers(self, pupil_id: UUID, before: tuple[CarerLink, ...], after: tuple[CarerLink, ...]) -> None:
        old = {x.id: x for x in before}
        for one in after:
            link: Row = {
                "position": one.position,
                "relation": one.relation,
                "authority": one.authority,
                "since": one.since,
                "until": one.until,
            }
            if one.id is None:
                carer = new_id()
                self.batch.added[CarerRow].append(
                    {"id": carer, "school_id": self._school.id, "name": one.name, "email": one.email, "deceased": False}
                )
                self.batch.added[PupilCarerRow].append(
                    {"id": new_id(), "pupil_id": pupil_id, "carer_id": carer, **link}
                )
            elif (was := old[one.id]) != one:
                self.batch.changed[PupilCarerRow].append({"id": one.id, **link})
                if (was.name, was.email) != (one.name, one.email):
                    self.batch.changed[CarerRow].append({"id": one.carer_id, "name": one.name, "email": one.email})

    def _identifiers(self, pupil_id: UUID, before: PupilState, after: PupilState) -> None:
        old = {x.id: x for x in before.identifiers}
        for one in after.identifiers:
            if one.id is None:
                self.batch.added[PupilIdentifierRow].append(
                    {
                        "id": new_id(),
                        "pupil_id": pupil_id,
                        "kind": one.kind,
                        "digest": one.digest,
                        "shown": one.shown,
                        "until": one.until,
                    }
                )
            elif old[one.id] != one:
                self.batch.changed[PupilIdentifierRow].append({"id": one.id, "until": one.until})

    def _remove(self, kind: type[Base], old: Iterable[UUID | None], kept: Iterable[UUID | None]) -> None:
        self.batch.removed[kind].extend(x for x in set(old) - set(kept) if x is not None)

    def _site(self, code: str) -> UUID | None:
        if not code:
            return None
        if code not in self._sites:
            self._sites[code] = new_id()
            self.batch.added[SiteRow].append(
                {"id": self._sites[code], "school_id": self._school.id, "code": code, "name": f"Vestiging {code}"}
            )
        return self._sites[code]

    def _new_groups(self, plans: Sequence[PupilPlan]) -> None:
        """Groups that are not there yet, with the year levels that the list gives their pupils (`1/2`)."""
        names: dict[str, str] = {}
        levels: dict[str, set[str]] = defaultdict(set)
        for plan in plans:
            for stay in plan.after.stays:
                key = group_key(stay.group)
                names.setdefault(key, stay.group)
                if plan.record.year_level and stay.id is None:
                    levels[key].add(plan.record.year_level)
        for key, name in names.items():
            if key not in self._groups:
                self._groups[key] = new_id()
                level = "/".join(sorted(levels[key]))
                row = {"id": self._groups[key], "school_id": self._school.id, "name": name}
                self.batch.added[GroupRow].append(
                    {**row, "year_level": level if len(level) <= _YEAR_LEVEL_LENGTH else ""}
                )


def _columns(state: PupilState) -> Row:
    return {
        "number": state.number,
        "number_key": state.number_key,
        "number_mark": state.number_mark,
        "given_name": state.given_name,
        "first_names": state.first_names,
        "initials": state.initials,
        "prefix": state.prefix,
        "surname": state.surname,
        "sort_name": sort_key(state.given_name, state.prefix, state.surname),
        "birth_date": state.birth.day,
        "birth_date_partial": state.birth.partial,
        "gender": state.gender,
        "email": state.email,
        "address_secret": state.address_secret,
        "bsn_digest": state.bsn_digest,
        "education_number_digest": state.education_digest,
        "eckid_digest": state.eckid_digest,
        "tail_digest": state.tail_digest,
    }


def _other(before: PupilState | None, after: PupilState, name: str) -> bool:
    return bool(getattr(after, name) != (getattr(before, name) if before else None))
