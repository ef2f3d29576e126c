"""Names of persons: two that look alike are one, or refused."""

import unicodedata

import pytest

from domain.accounts import refuse_strange_name
from domain.errors import BadAccount

SOUNDS = ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"]
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị L\u0430n",  # Cyrillic
        "\u039dguyễn Thị Lan",  # Greek
        "\uff2eguyễn Thị Lan",  # of full width
        "Trần Văn \u0251n",  # the a as it is written by hand
        "Trần V\u0251\u0306n An",
        "Trần V\u01cen An",  # a caron in the place of the breve
        "Trần Th\u0131 Ba",  # an i without its dot
        "Trần Văn \u00d0ức",  # the letter of Iceland
        "Trần Văn \u0189ức",  # the letter of Ewe
        "Trần Văn \u0192",
        "Nguyễn Thị Lan\u200b",
        "Nguyễn\u202eThị Lan",
        "Nguyễn Thị Lan \u0662",  # a figure of another script
        "",
        " - ",
    ],
)
def test_a_name_that_could_be_taken_for_another_s_is_refused(name: str) -> None:
    with pytest.raises(BadAccount):
        refuse_strange_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "Trần Đức Ánh (Phòng Tổng hợp 2)",
        "Rơ Châm H’Ly",
        "R'Ô H'Bia",
        "Y Blŏ Ñiê-Kđăm",
        "K’Brĕ Ƀah Čil",
        "Fukuzawa J. W.",
    ],
)
def test_names_of_this_country_are_borne(name: str) -> None:
    for form in ("NFC", "NFD"):
        refuse_strange_name(unicodedata.normalize(form, name))


def test_every_sound_in_every_tone_is_borne() -> None:
    sounds = "".join(f"{sound}{tone} {sound.upper()}{tone} " for sound in SOUNDS for tone in TONES)
    refuse_strange_name(unicodedata.normalize("NFC", sounds))
