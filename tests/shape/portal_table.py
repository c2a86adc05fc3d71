"""Which door every route for outsiders stands behind, written by hand: the test's own opinion."""

from dms.portal.guard import Door

OPEN: dict[tuple[str, str], Door] = {
    ("assets.file", "GET"): Door.OPEN,
}
LINKS: dict[tuple[str, str], Door] = {
    ("links.page", "GET"): Door.OPEN,
    ("links.knock", "POST"): Door.OPEN,
    ("shared.left", "GET"): Door.OPEN,
    ("shared.shelf", "GET"): Door.LINK,
    ("shared.read", "GET"): Door.LINK,
    ("shared.picture", "GET"): Door.LINK,
    ("shared.file", "GET"): Door.LINK,
    ("shared.package", "GET"): Door.LINK,
    ("shared.sending", "GET"): Door.LINK,
    ("shared.send", "POST"): Door.LINK,
    ("shared.leave", "POST"): Door.LINK,
}
FAMILY: dict[tuple[str, str], Door] = {
    ("family_sign_in.form", "GET"): Door.OPEN,
    ("family_sign_in.sign_in", "POST"): Door.OPEN,
    ("family_sign_in.leave", "POST"): Door.OPEN,
    ("family_sign_in.invitation", "GET"): Door.OPEN,
    ("family_sign_in.accept", "POST"): Door.OPEN,
    ("family_sign_in.second_step", "GET"): Door.OPEN,
    ("family_sign_in.second_step_now", "POST"): Door.OPEN,
    ("family_sign_in.set_up", "GET"): Door.OPEN,
    ("family_sign_in.set_up_now", "POST"): Door.OPEN,
    ("family_home.page", "GET"): Door.PORTAL,
    ("family_child.page", "GET"): Door.PORTAL,
    ("family_document.page", "GET"): Door.PORTAL,
    ("family_document.picture", "GET"): Door.PORTAL,
    ("family_document.text", "GET"): Door.PORTAL,
    ("family_document.file", "GET"): Door.PORTAL,
    ("family_inspection.waiting", "GET"): Door.PORTAL,
    ("family_inspection.page", "GET"): Door.PORTAL,
    ("family_inspection.answer", "POST"): Door.PORTAL,
    ("family_inspection.document", "GET"): Door.PORTAL,
    ("family_inspection.picture", "GET"): Door.PORTAL,
    ("family_inspection.file", "GET"): Door.PORTAL,
    ("family_signing.page", "GET"): Door.PORTAL,
    ("family_signing.one", "GET"): Door.PORTAL,
    ("family_signing.answer", "POST"): Door.PORTAL,
    ("family_signing.picture", "GET"): Door.PORTAL,
    ("family_corrections.page", "GET"): Door.PORTAL,
    ("family_corrections.form", "GET"): Door.PORTAL,
    ("family_corrections.report", "POST"): Door.PORTAL,
    ("family_corrections.withdraw", "POST"): Door.PORTAL,
    ("family_shared.page", "GET"): Door.PORTAL,
    ("family_shared.enter", "POST"): Door.PORTAL,
    ("family_mail.page", "GET"): Door.PORTAL,
    ("family_mail.choose", "POST"): Door.PORTAL,
    ("family_account.page", "GET"): Door.PORTAL,
    ("family_account.password", "POST"): Door.PORTAL,
    ("family_account.join", "POST"): Door.PORTAL,
}
DOORS: dict[tuple[str, str], Door] = {**OPEN, **LINKS, **FAMILY}
