"""The database: tables by subject, engine, unit of work, visibility, outbox, audit and leases."""
