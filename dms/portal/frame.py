"""What stands around every page for outsiders: whose page it is, the languages, and where to go on.

A room that knows more of who comes adds a context processor of its own; its values win over these.
"""

from flask import Flask

BARE: dict[str, object] = {"school_name": "", "places": (), "waiting": 0, "person_name": "", "leave": ""}
"""`school_name`: whose page; `places`: (address, name, whether here, how much waits there) of the menu; `waiting`: all
that waits; `person_name`: who is in; `leave`: the address of the form that ends the session, with its token in
`leave_token`."""


def prepare(app: Flask) -> None:
    """Give the templates of `app` what stands around them."""
    app.context_processor(lambda: {**BARE, "leave_token": ""})
