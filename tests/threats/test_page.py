"""The page of threats is what the tests say, and each test says it."""

from tests.threats import page


def test_each_threat_has_its_row() -> None:
    assert [path.name for path, row in page.rows().items() if row is None] == []


def test_the_number_in_the_name_is_the_number_of_the_row() -> None:
    for path, row in page.rows().items():
        assert row is not None
        assert path.stem.startswith(f"test_t{int(row[1]):02}_") or path.stem.startswith(f"test_t{row[1]}_")


def test_the_page_is_fresh() -> None:
    assert page.PAGE.read_text() == page.render(), "run `make docs`"
