"""What every route of the screens asks for, written by hand from the product's contract: the test's own opinion."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rights.rules.actions import Action

NO_VERSION = "999999"
"""A version that nothing has: whoever may change a thing is told that a colleague was first, and nothing changes."""


@dataclass(frozen=True)
class Asked:
    """One route with one method.

    `thing`: the kind of object in the address, if any ("nothing": it is never there). `needs`: the action in question.
    `done`: the status for who may. `form`: what is sent; `{pupil}` stands for a pupil that the person's school has.
    """

    needs: Action | None
    thing: str = ""
    done: int = 200
    form: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    gone: int = 404
    """The status for what is not there or may not be known."""
    done_of: Mapping[str, int] = field(default_factory=dict)
    """The status for who may, by category, where it is another than `done`."""


CHANGE = {"versie": NO_VERSION, "titel": "Andere titel"}
FILE = {"versie": NO_VERSION, "leerling": "{pupil}", "categorie": "GES-01", "titel": "Titel"}
PUBLIC = {
    ("sign_in.form", "GET"),
    ("sign_in.sign_in", "POST"),
    ("sign_in.sign_out", "POST"),
    ("sign_in.language", "POST"),
    ("assets.file", "GET"),
    ("set_password.form", "GET"),
    ("set_password.save", "POST"),
    ("second_step.form", "GET"),
    ("second_step.send", "POST"),
    ("second_step.set_up", "GET"),
    ("second_step.set_up_now", "POST"),
    ("sign_on.leave", "GET"),
    ("sign_on.back", "GET"),
}
ROUTES: dict[tuple[str, str], Asked] = {
    ("home.page", "GET"): Asked(None),
    ("home.help_page", "GET"): Asked(None),
    ("home.keys", "GET"): Asked(None),
    ("home.guide", "GET"): Asked(None),
    ("home.put_guide", "POST"): Asked(None, done=303),
    ("home.recent", "GET"): Asked(Action.SEE),
    ("tastes.page", "GET"): Asked(None),
    ("tastes.choose", "POST"): Asked(
        None, done=303, form={"taal": "nl", "kleuren": "device", "contrast": "device", "toetsen": "1"}
    ),
    ("account.page", "GET"): Asked(None),
    ("account.confirm", "GET"): Asked(None),
    ("account.confirm_now", "POST"): Asked(None, done=400),
    ("account.password", "GET"): Asked(None),
    ("account.change_password", "POST"): Asked(None, done=400),
    ("account.app", "GET"): Asked(None),
    ("account.add_app", "POST"): Asked(None, done=400),
    ("account.passkey", "GET"): Asked(None),
    ("account.add_passkey", "POST"): Asked(None, done=400),
    ("account.remove_factor", "POST"): Asked(None, done=400),
    ("account.recovery_codes", "POST"): Asked(None, done=409),
    ("account.end_sessions", "POST"): Asked(None, done=303),
    ("sign_in.school", "POST"): Asked(None, "school", 303),
    ("upload.page", "GET"): Asked(Action.ADD),
    ("upload.progress", "GET"): Asked(Action.ADD),
    ("upload.live", "GET"): Asked(Action.ADD),
    ("upload.sending", "GET"): Asked(Action.ADD, "nothing"),
    ("upload.sending_live", "GET"): Asked(Action.ADD, "nothing"),
    ("upload.receipt", "GET"): Asked(Action.ADD, "intake"),
    ("upload.one_file", "POST"): Asked(Action.ADD, "sending", 202, headers={"X-File-Name": "stuk.pdf"}),
    ("upload.arrived", "GET"): Asked(Action.ADD),
    ("upload.arrived_live", "GET"): Asked(Action.ADD),
    ("upload.begin_pieces", "POST"): Asked(Action.ADD, done=400),
    ("upload.pieces_there", "GET"): Asked(Action.ADD, "nothing"),
    ("upload.one_piece", "POST"): Asked(Action.ADD, "nothing"),
    ("upload.all_files", "POST"): Asked(Action.ADD, "sending", 303),
    ("transfers.page", "GET"): Asked(Action.SHARE),
    ("transfers.packages", "GET"): Asked(Action.SHARE),
    ("transfers.new", "GET"): Asked(Action.SHARE, "pupil"),
    ("transfers.one", "GET"): Asked(Action.SHARE, "nothing"),
    ("transfers_acts.together", "POST"): Asked(Action.SHARE, done=400),
    ("transfers_acts.compose", "POST"): Asked(Action.SHARE, "pupil", 400),
    ("transfers_acts.choose", "POST"): Asked(Action.SHARE, "nothing", form={"versie": NO_VERSION}),
    ("transfers_acts.change", "POST"): Asked(Action.SHARE, "nothing", form={"versie": NO_VERSION}),
    ("transfers_acts.freeze", "POST"): Asked(Action.SHARE, "nothing", form={"versie": NO_VERSION}),
    ("transfers_acts.inspect", "POST"): Asked(Action.SHARE, "nothing"),
    ("transfers_acts.form", "POST"): Asked(Action.SHARE, "nothing"),
    ("transfers_acts.send", "POST"): Asked(Action.SHARE, "nothing", form={"versie": NO_VERSION}),
    ("transfers_acts.link", "POST"): Asked(Action.SHARE, "nothing", form={"versie": NO_VERSION}),
    ("transfers_acts.file", "POST"): Asked(Action.SHARE, "nothing"),
    ("transfers_acts.confirm", "POST"): Asked(Action.SHARE, "nothing", form={"kenmerk": "ontvangst 12"}),
    ("transfers_acts.withdraw", "POST"): Asked(Action.SHARE, "nothing", form={"versie": NO_VERSION, "reden": "x"}),
    ("signing.page", "GET"): Asked(Action.SHARE),
    ("signing.one", "GET"): Asked(Action.SHARE, "nothing"),
    ("signing.form", "GET"): Asked(Action.SHARE, "document", 400, done_of={"OND-05": 200}),
    ("signing.ask", "POST"): Asked(Action.SHARE, "document", 400),
    ("signing.paper", "POST"): Asked(Action.SHARE, "nothing"),
    ("signing.act", "POST"): Asked(Action.SHARE, "nothing"),
    ("corrections.page", "GET"): Asked(Action.EDIT),
    ("corrections.one", "GET"): Asked(Action.EDIT, "nothing"),
    ("corrections.decide", "POST"): Asked(Action.EDIT, "nothing", form={"versie": NO_VERSION, "doe": "neem"}),
    ("corrections.again", "POST"): Asked(Action.EDIT, "nothing"),
    ("corrections.export", "POST"): Asked(Action.EDIT),
    ("letters.mine", "GET"): Asked(None),
    ("letters.choose", "POST"): Asked(None, done=303, form={"vaak": "dag"}),
    ("received.page", "GET"): Asked(Action.ADD, "ordinary desk"),
    ("received.send", "POST"): Asked(Action.ADD, done=400),
    ("received.one", "GET"): Asked(Action.ADD, "nothing"),
    ("received.part_page", "GET"): Asked(Action.ADD, "nothing"),
    ("received.answer", "GET"): Asked(Action.ADD, "nothing"),
    ("received_acts.part", "POST"): Asked(Action.ADD, "nothing", form={"versie": NO_VERSION}),
    ("received_acts.pupil", "POST"): Asked(Action.ADD, "nothing", form={"versie": NO_VERSION, "leerling": "{pupil}"}),
    ("received_acts.enrol", "POST"): Asked(Action.ADD, "nothing", form={"versie": NO_VERSION}),
    ("received_acts.accept", "POST"): Asked(Action.ADD, "nothing", form={"versie": NO_VERSION}),
    ("received_acts.reject", "POST"): Asked(Action.ADD, "nothing", form={"reden": "Niet voor onze school"}),
    ("refused.page", "GET"): Asked(Action.ADD),
    ("refused.release", "GET"): Asked(Action.ADD, "nothing"),
    ("refused.decide", "POST"): Asked(Action.ADD, "nothing"),
    ("refused.retry", "POST"): Asked(Action.ADD, "stopped", 303),
    ("intake_desk_list.ordinary", "GET"): Asked(Action.ADD, "ordinary desk"),
    ("intake_desk_list.care", "GET"): Asked(Action.ADD, "care desk"),
    ("intake_desk.item", "GET"): Asked(Action.ADD, "item"),
    ("intake_desk.decide", "POST"): Asked(Action.ADD, "item", 409, FILE, gone=303),
    ("intake_desk.discard", "POST"): Asked(Action.ADD, "item", 409, {"versie": NO_VERSION, "reden": "worthless"}),
    ("lookalikes.page", "GET"): Asked(Action.ADD, "item"),
    ("lookalikes.decide", "POST"): Asked(Action.ADD, "item", 400, {"versie": NO_VERSION}),
    ("parts.page", "GET"): Asked(Action.ADD, "nothing"),
    ("intake_desk.readmit", "POST"): Asked(Action.ADD, "item", 409, {"waarom": "De rechter vraagt erom"}),
    ("intake_desk.busy", "POST"): Asked(Action.ADD, "item", 303),
    ("intake_desk_list.together", "POST"): Asked(Action.ADD, done=400),
    ("intake_desk_list.undo", "POST"): Asked(Action.ADD, done=404),
    ("intake_desk_list.undo_item", "POST"): Asked(Action.ADD, "item", 404),
    ("intake_desk_list.stop", "POST"): Asked(Action.ADD, done=303),
    ("self_filed.page", "GET"): Asked(Action.CLASSIFY),
    ("self_filed.confirm", "POST"): Asked(Action.CLASSIFY, "document", 303),
    ("intake_desk.read_again", "POST"): Asked(Action.ADD, "item", 409, {"versie": NO_VERSION}),
    ("stack.page", "GET"): Asked(Action.ADD, "nothing"),
    ("stack.change", "POST"): Asked(Action.ADD, "nothing", form={"versie": NO_VERSION, "doe": "nieuw", "blz": "1"}),
    ("stack.picture", "GET"): Asked(Action.ADD, "nothing"),
    ("sheets.page", "GET"): Asked(Action.ADD),
    ("sheets.covers", "POST"): Asked(Action.ADD, done=400),
    ("sheets.separators", "POST"): Asked(Action.ADD, done=400, form={"aantal": "nul"}),
    ("pictures.item_page", "GET"): Asked(Action.ADD, "item"),
    ("pictures.item_thumbnail", "GET"): Asked(Action.ADD, "item"),
    ("pupils.page", "GET"): Asked(Action.SEE),
    ("pupils.picker", "GET"): Asked(Action.SEE, query="?q=a"),
    ("pupils.dossier", "GET"): Asked(Action.SEE, "pupil"),
    ("pupils.timeline", "GET"): Asked(Action.SEE, "pupil"),
    ("pupils.together", "POST"): Asked(Action.SEE, "pupil", 400, {"doe": "weg"}),
    ("document.page", "GET"): Asked(Action.SEE, "document"),
    ("document.history", "GET"): Asked(Action.SEE, "document"),
    ("document.printing", "GET"): Asked(Action.READ, "document"),
    ("placing.place", "POST"): Asked(Action.CLASSIFY, "document", 409, {"versie": NO_VERSION, "leerling": "{pupil}"}),
    ("placing.remove", "POST"): Asked(Action.REMOVE, "document", 409, {"versie": NO_VERSION}),
    ("placing.version", "POST"): Asked(Action.EDIT, "document", 400),
    ("undo.undo", "POST"): Asked(Action.SEE, done=404),
    ("bin.page", "GET"): Asked(Action.REMOVE),
    ("bin.restore", "POST"): Asked(Action.REMOVE, done=400),
    ("document.change", "POST"): Asked(Action.EDIT, "document", 409, CHANGE),
    ("document.confirm", "POST"): Asked(Action.CLASSIFY, "document", 303),
    ("document.read_again", "POST"): Asked(Action.EDIT, "document", 303),
    ("pictures.page", "GET"): Asked(Action.READ, "document"),
    ("pictures.thumbnail", "GET"): Asked(Action.READ, "document"),
    ("pictures.original", "GET"): Asked(Action.READ, "document"),
    ("links.form", "GET"): Asked(Action.SHARE, "pupil"),
    ("links.check", "POST"): Asked(Action.SHARE, "pupil", 400),
    ("links.document", "GET"): Asked(Action.SHARE, "document", 303),
    ("link_lists.page", "GET"): Asked(Action.SEE),
    ("link_lists.dossier", "GET"): Asked(Action.SEE, "pupil"),
    ("link_lists.revoke_dossier", "POST"): Asked(Action.SEE, "pupil", 303),
    ("link_lists.one", "GET"): Asked(Action.SEE, "nothing"),
    ("link_lists.change", "POST"): Asked(Action.SEE, "nothing"),
    ("components.page", "GET"): Asked(None),
    ("components.dialog_page", "GET"): Asked(None),
    ("components.undone", "POST"): Asked(None, done=303),
    ("finding.page", "GET"): Asked(Action.SEE, query="?q=canariegeel"),
    ("rights_people.who", "GET"): Asked(Action.SEE, "document"),
    ("rights_people.mine", "GET"): Asked(None),
    ("shields.pupil", "GET"): Asked(Action.HOLD, "pupil"),
    ("shields.shield_pupil", "POST"): Asked(Action.HOLD, "pupil", 400),
    ("shields.document", "GET"): Asked(Action.HOLD, "document"),
    ("shields.shield_document", "POST"): Asked(Action.HOLD, "document", 400),
    ("shields.one", "GET"): Asked(Action.HOLD, "nothing"),
    ("shields.change", "POST"): Asked(Action.HOLD, "nothing"),
    ("opening.page", "GET"): Asked(None),
    ("opening.end", "POST"): Asked(None, "nothing"),
}
