"""BSNs do not come into the index, in whatever shape they stand; other numbers do."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indexing.entry import without_bsn

BSN = "123456782"


@pytest.mark.parametrize(
    "shape",
    [
        BSN,
        f"BSN:{BSN}.",
        f"BSN{BSN}x",
        "1234.56.782",
        "1234 56 782",
        "123-456-782",
        "123 456 782",
        "12 34 56 782",
        "1 2 3 4 5 6 7 8 2",
        "1.2.3.4.5.6.7.8.2",
        "1234\u00a056\u00a0782",
        f"12 {BSN}",
        f"{BSN} 12",
        "1234 12345 6782",
        "burgerservicenummer: 12345672",
        "BSN van de leerling 12345672",
    ],
)
def test_every_shape_is_blanked(shape: str) -> None:
    clean = without_bsn(shape)
    assert len(clean) == len(shape)
    digits = "".join(x for x in clean if x.isdigit())
    assert BSN not in digits
    assert "12345672" not in digits


@pytest.mark.parametrize(
    "text",
    [
        "123456789",
        "leerling 100234",
        "06 12345678",
        "NL91ABNA0417164300",
        "12-03-2026 om 10.30",
        "postcode 1234 AB 56782",
        "1234567820",
        "0123456782",
        "12345672",
        "000000000",
        "groep 7 8 7 6",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert without_bsn(text) == text


@given(st.integers(0, 99_999_999), st.sampled_from(["", " ", "-", "."]), st.text(alphabet="ab \n:;", max_size=5))
def test_every_number_that_passes_the_test_is_blanked(start: int, mark: str, around: str) -> None:
    first = f"{start:08d}"
    rest = sum(w * int(x) for w, x in zip(range(9, 1, -1), first, strict=True)) % 11
    assume(rest < 10 and start > 0)
    digits = f"{first}{rest}"
    shown = mark.join((digits[:3], digits[3:6], digits[6:]))
    clean = without_bsn(f"{around}{shown}{around}")
    assert not any(x.isdigit() for x in clean)
