"""Whose an address is, as far as it tells by itself."""

from datetime import date

import pytest

from domain.mailboxes import Header, Recipient


@pytest.mark.parametrize(
    ("email", "is_example"),
    [
        ("a@gialai.example", True),
        ("a@EXAMPLE.com", True),
        ("a@mail.example.org", True),
        ("a@example.net", True),
        ("a@gialai.invalid", True),
        ("a@gialai.test", True),
        ("a@example.com.vn", False),
        ("a@myexample.com", False),
        ("example.com@gialai.gov.vn", False),
        ("a@test.gialai.gov.vn", False),
    ],
)
def test_an_address_of_a_domain_that_is_kept_for_examples_is_nobodys(email: str, is_example: bool) -> None:
    assert Recipient(email, "A", Header.TO, date(2020, 1, 1), None).is_example is is_example
