"""The portal for parents and pupils: coming in, what they see, plan and invitations of a school, data breaches.

`room.Portal` holds its parts together. A data breach begins in `dms.services.misfiling`, called by who moves papers.
"""
