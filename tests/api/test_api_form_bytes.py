"""A file in a form arrives byte for byte, wherever the reads fall."""

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from dms.api.multipart import Form

BOUNDARY = b"grens"


class Drip(BytesIO):
    """A source that gives a few bytes at a time."""

    step = 7

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(self.step, size) if size is not None and size > 0 else self.step)


@given(st.binary(max_size=60), st.integers(1, 40), st.sampled_from((b"", b"\r", b"\r\n", b"--grens")))
def test_bytes_are_whole(data: bytes, step: int, tail: bytes) -> None:
    data = (data + tail).replace(b"--" + BOUNDARY, b"--ander")
    head = b'Content-Disposition: form-data; name="file"; filename="a.pdf"'
    raw = (
        b'--grens\r\nContent-Disposition: form-data; name="school"\r\n\r\n99XX\r\n'
        + b"--grens\r\n"
        + head
        + b"\r\n\r\n"
        + data
        + b"\r\n--grens--\r\n"
    )
    source = Drip(raw)
    source.step = step
    form = Form(source, BOUNDARY)
    assert form.fields == {"school": "99XX"}
    assert [(name, b"".join(body)) for name, body in form.files()] == [("a.pdf", data)]
