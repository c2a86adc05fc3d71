"""The application for who stands outside: visitors with a scoped link (`/l`), and parents and pupils (`/portaal`).

A WSGI application of its own with cookies of its own: a fault here cannot reach the staff's application, and nobody
of one comes into the other. `dms.portal.factory.create_app` builds it; desks hold the pages. Pages ask services and
show plain data; nothing is decided here. No page needs a script.
"""
