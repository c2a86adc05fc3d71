"""Moving the pupils and mentors of one group to another, from today on. Days that were, stay as they were."""

from sqlalchemy import or_, select

from dms.db.tables import GroupPlacementRow, GroupRow, GroupStaffRow
from dms.db.unit_of_work import UnitOfWork


def merge(uow: UnitOfWork, group: GroupRow, into: GroupRow) -> int:
    """Everybody who sits in or teaches `group` today or later does so in `into`; returns how many pupils moved.

    A stay that begins today or later moves whole; an earlier one ends today and goes on in the other group. Who is in
    the other group already gets no second stay there.
    """
    pupils = _pupils(uow, group)
    there = {x.pupil_id for x in _pupils(uow, into)}
    for stay in pupils:
        starts, until = max(stay.since, uow.today), stay.until
        if stay.since >= uow.today:
            uow.session.delete(stay)
        else:
            stay.until = uow.today
        if stay.pupil_id not in there:
            uow.session.add(GroupPlacementRow(pupil_id=stay.pupil_id, group_id=into.id, since=starts, until=until))
    staff = _staff(uow, group)
    teaching = {x.user_id for x in _staff(uow, into)}
    for one in staff:
        starts, until = max(one.since or uow.today, uow.today), one.until
        if one.since is not None and one.since >= uow.today:
            uow.session.delete(one)
        else:
            one.until = uow.today
        if one.user_id not in teaching:
            uow.session.add(GroupStaffRow(user_id=one.user_id, group_id=into.id, since=starts, until=until))
    return len({x.pupil_id for x in pupils})


def _pupils(uow: UnitOfWork, group: GroupRow) -> list[GroupPlacementRow]:
    open_still = or_(GroupPlacementRow.until.is_(None), GroupPlacementRow.until > uow.today)
    return list(
        uow.session.scalars(select(GroupPlacementRow).where(GroupPlacementRow.group_id == group.id, open_still))
    )


def _staff(uow: UnitOfWork, group: GroupRow) -> list[GroupStaffRow]:
    open_still = or_(GroupStaffRow.until.is_(None), GroupStaffRow.until > uow.today)
    return list(uow.session.scalars(select(GroupStaffRow).where(GroupStaffRow.group_id == group.id, open_still)))
