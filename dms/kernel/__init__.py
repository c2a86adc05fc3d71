"""The ground floor: ids, clock, school year, digests, errors and outcomes. Pure, imports nothing of ours."""
