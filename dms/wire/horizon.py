"""Waits until nobody can still see an old row of a PostgreSQL database: only then does rewriting its table take it out.

VACUUM FULL keeps a dead row that some transaction may still want to see. Which ones count (PostgreSQL's
`ComputeXidHorizons`): every snapshot in this database (also of an autovacuum's ANALYZE, of a prepared transaction and
of a standby that reports back), every replication slot, and, because VACUUM FULL takes a snapshot of its own, every
transaction that is writing in whatever database of the same server. Once those that are older than a moment have
ended, no new one can be as old: so it is enough to wait once.
"""

import time

from sqlalchemy import Connection, text

PAUSE = 0.05
_MOMENT = text("SELECT CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text)")
# First who writes anywhere: from when that holds, no new snapshot is older than the moment.
_WRITING = text("SELECT pg_snapshot_xmin(pg_current_snapshot()) < CAST(:moment AS xid8)")
_SEEING = text(
    "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    " AND (datid IS NULL OR datid = (SELECT oid FROM pg_database WHERE datname = current_database()))"
    " AND pid NOT IN (SELECT pid FROM pg_stat_progress_vacuum)"  # that keeps no row alive
    " AND age(backend_xmin) > age(CAST(CAST(:moment AS xid8) AS xid)))"
    " OR EXISTS (SELECT 1 FROM pg_replication_slots WHERE"
    " age(xmin) > age(CAST(CAST(:moment AS xid8) AS xid))"
    " OR age(catalog_xmin) > age(CAST(CAST(:moment AS xid8) AS xid)))"
)


def all_saw_the_last(connection: Connection, patience: float) -> bool:
    """Wait until every transaction that began before now has ended; False when one still runs after `patience` seconds.

    `connection` commits by itself: in a transaction it would wait for itself.
    """
    until = time.monotonic() + patience
    moment = {"moment": connection.execute(_MOMENT).scalar_one()}
    for asked in (_WRITING, _SEEING):
        while connection.execute(asked, moment).scalar_one():
            if time.monotonic() > until:
                return False
            time.sleep(PAUSE)
    return True
