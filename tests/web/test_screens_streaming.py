"""Forms with files are read as they arrive, byte for byte, in whatever pieces they come."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dms.kernel.errors import BadInput
from dms.web.streaming import LONGEST_FIELD, FormStream

BOUNDARY = b"grens"


class Slow:
    """Gives its bytes a few at a time."""

    def __init__(self, data: bytes, step: int) -> None:
        self._source, self._step = io.BytesIO(data), step

    def read(self, size: int = -1) -> bytes:
        """At most `step` bytes."""
        return self._source.read(min(self._step, size) if size >= 0 else self._step)


def form(fields: list[tuple[str, str]], files: list[tuple[str, bytes]]) -> bytes:
    """A form as browsers send it."""
    parts = [(f'name="{name}"', value.encode()) for name, value in fields]
    parts += [(f'name="file"; filename="{name}"\r\nContent-Type: application/pdf', data) for name, data in files]
    start = b"--" + BOUNDARY
    body = b"".join(
        start + b"\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n\r\n" + data + b"\r\n"
        for head, data in parts
    )
    return body + start + b"--\r\n"


@given(
    files=st.lists(st.binary(max_size=600), min_size=1, max_size=4),
    value=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
    step=st.integers(1, 200),
)
def test_files_come_out_as_they_went_in(files: list[bytes], value: str, step: int) -> None:
    named = [(f"stuk {n}.pdf", x) for n, x in enumerate(files)]
    stream = FormStream(Slow(form([("csrf_token", value)], named), step), BOUNDARY)
    assert stream.fields() == {"csrf_token": value}
    assert [(name, b"".join(body)) for name, body in stream.files()] == named


def test_a_file_that_is_not_read_does_not_spill_into_the_next() -> None:
    stream = FormStream(io.BytesIO(form([], [("a", b"x" * 1000), ("b", b"y")])), BOUNDARY)
    stream.fields()
    seen = [(name, b"".join(body) if name == "b" else b"") for name, body in stream.files()]
    assert seen == [("a", b""), ("b", b"y")]


def test_an_empty_file_field_is_no_file() -> None:
    stream = FormStream(io.BytesIO(form([("csrf_token", "t")], [("", b"")])), BOUNDARY)
    assert stream.fields() == {"csrf_token": "t"}
    assert list(stream.files()) == []


def test_a_form_that_stops_half_way_is_refused() -> None:
    whole = form([("csrf_token", "t")], [("a.pdf", b"x" * 5000)])
    stream = FormStream(io.BytesIO(whole[:-200]), BOUNDARY)
    stream.fields()
    with pytest.raises(BadInput) as caught:
        for _, body in stream.files():
            for _ in body:
                pass
    assert caught.value.code == "cut_off"


def test_a_field_without_end_is_refused() -> None:
    stream = FormStream(io.BytesIO(form([("csrf_token", "t" * (LONGEST_FIELD + 1))], [])), BOUNDARY)
    with pytest.raises(BadInput):
        stream.fields()
