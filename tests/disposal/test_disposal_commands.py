"""`dms retention` for disposal lists, as programs use it: the shape of the answers and the exit codes."""

from datetime import date, timedelta

import pytest

from tests.disposal.disposal_world import due_papers, lists_there, nothing_gone
from tests.houses import BRIN, House
from tests.retention.test_retention_commands import dms

FEMKE = ("--user", "femke@deregenboog.example")
DIRK = ("--user", "dirk@deregenboog.example")


@pytest.mark.slow
def test_a_list_by_commands_alone(house: House) -> None:
    kept, gone, other = (str(x) for x in due_papers(house, 3))
    words = ("retention", "propose", "--school", BRIN, "--name", "Uitstroom 2019")
    (made,) = dms(house, *words, *FEMKE, "--placement", kept, "--placement", gone)
    assert (made["items"], made["kind"], made["left_out"], made["more"]) == (2, "destroy", [], False)
    assert {x["placement_id"] for x in made["lines"]} == {kept, gone}
    again = dms(house, *words, *FEMKE, "--placement", kept, "--placement", other)[0]
    assert (again["items"], [(x["placement_id"], x["code"]) for x in again["left_out"]]) == (1, [(kept, "elsewhere")])
    dms(house, *words, *FEMKE, "--all-due", code=2)
    dms(house, *words, *FEMKE, "--all-due", "--placement", kept, code=2)
    dms(house, *words, *DIRK, "--all-due", code=2)
    assert lists_there(house) == 2
    the_list = made["list_id"]
    item = next(x["item_id"] for x in made["lines"] if x["placement_id"] == kept)
    until = (house.app.clock.today() + timedelta(days=90)).isoformat()
    review = ("retention", "review", the_list, "--reason", "loopt nog", "--answer")
    (said,) = dms(house, *review, "keep", "--item", item, "--until", until, *FEMKE)
    assert said == {"list_id": the_list, "answer": "keep", "items": 1}
    dms(house, *review, "keep", *FEMKE, code=2)
    dms(house, *review, "keep", "--item", item, "--until", "2001-01-01", *FEMKE, code=2)
    dms(house, "retention", "approve", the_list, *FEMKE, code=2)
    reason = ("--reason", "graag nog eens kijken")
    assert dms(house, "retention", "return", the_list, *reason, *DIRK)[0]["status"] == "adjusting"
    dms(house, "retention", "approve", the_list, *DIRK, code=2)
    assert dms(house, "retention", "submit", the_list, *FEMKE)[0]["status"] == "in_review"
    (found,) = dms(house, "retention", "show", the_list, "--consequences")
    assert found["consequences"]["items"] == 1
    assert {x["answer"]: x["until"] for x in found["lines"]} == {"keep": until, None: None}
    assert [x["what"] for x in found["happened"]][-2:] == ["disposal.returned", "disposal.submitted"]
    (ready,) = dms(house, "retention", "approve", the_list, *DIRK)
    assert (ready["status"], ready["ready"], ready["left_out"]) == ("waiting", 1, {"answered_keep": 1})
    assert date.fromisoformat(ready["waits_until"][:10]) >= house.app.clock.today() + timedelta(days=6)
    dms(house, "retention", "received", the_list, "--receipt", "OSO-1", *FEMKE, code=2)
    assert dms(house, "retention", "abort", the_list, *reason, *DIRK)[0]["status"] == "aborted"
    lines = dms(house, "retention", "lists", "--school", BRIN, *DIRK)
    assert sorted(x["status"] for x in lines) == ["aborted", "in_review"]
    dms(house, "retention", "show", the_list, "--user", "anouk@deregenboog.example", code=2)
    assert nothing_gone(house)
