"""Who says whose a paper is: the desk tells it as it was, and chooses beforehand only what was meant as a choice."""

from uuid import uuid4

import pytest

from dms.model.documents import Source
from ingest.service.desk_queue import LIKELY
from ingest.service.desk_why import why_pupil
from ingest.service.source_hints import said_by, with_source
from ingest.service.state import Evidence

ANNA, BO = str(uuid4()), str(uuid4())


@pytest.mark.parametrize(
    ("source", "of_sheet", "words"),
    [
        (Source.SCANNER, True, "volgens het voorblad"),
        (Source.UPLOAD, True, "volgens het voorblad"),
        (Source.MAIL, False, "volgens de regel voor deze afzender"),
        (Source.OUTSIDER, False, "volgens de deellink"),
        (Source.ARCHIVE, False, "volgens de map of het overzicht in het archief"),
        (Source.API, False, "gekozen bij het insturen"),
    ],
)
def test_the_desk_says_who_named_the_pupil(source: Source, of_sheet: bool, words: str) -> None:
    kind = said_by(source, of_sheet=of_sheet)
    (one,) = with_source(Evidence(), {"suggested": [ANNA]}, kind).pupils
    assert [x.text for x in why_pupil(one["evidence"])] == [words]
    assert one["confidence"] < LIKELY


def test_a_pupil_that_was_chosen_when_sending_is_offered_also_when_the_text_names_nobody() -> None:
    (one,) = with_source(Evidence(), {"pupil_id": ANNA}, "chosen").pupils
    assert (one["pupil_id"], one["confidence"] < LIKELY) == (ANNA, True)


def test_what_would_have_filed_itself_but_for_its_date_is_chosen_beforehand() -> None:
    named = Evidence(pupils=({"pupil_id": ANNA, "confidence": 0.4, "evidence": [{"kind": "surname", "text": "Post"}]},))
    for evidence in (Evidence(), named):
        (one,) = with_source(evidence, {"pupil_id": ANNA, "suggested": [ANNA], "authorised": True}, "cover").pupils
        assert one["confidence"] >= LIKELY
        assert [x["kind"] for x in one["evidence"]].count("cover") == 1


def test_another_pupil_in_the_text_stays_first_and_the_cover_sheet_comes_behind() -> None:
    named = Evidence(pupils=({"pupil_id": BO, "confidence": 0.97, "evidence": [{"kind": "number", "text": "1"}]},))
    found = with_source(named, {"pupil_id": ANNA, "suggested": [ANNA], "authorised": True}, "cover").pupils
    assert [x["pupil_id"] for x in found] == [BO, ANNA]


def test_a_mere_suggestion_makes_no_hunch_of_the_text_surer() -> None:
    named = Evidence(pupils=({"pupil_id": ANNA, "confidence": 0.1, "evidence": [{"kind": "surname", "text": "Post"}]},))
    (one,) = with_source(named, {"suggested": [ANNA]}, "sender").pupils
    assert one["confidence"] == 0.1
    assert [x["kind"] for x in one["evidence"]] == ["surname", "sender"]
