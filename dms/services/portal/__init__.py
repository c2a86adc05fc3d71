"""The portal for parents and pupils: coming in, what they see, plan and invitations of a school, data breaches.

`room.Portal` holds its parts together. `misfiling` is called by who moves papers, and imports none of the others.
"""
