"""What identifies somebody becomes a placeholder; dates, prices and versions stay. Checksums worked out by hand."""

import pytest

from collab.people.privacy import is_card, is_chinese_id, is_iban, mask, names_in


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Mail me at anna.smith+x@mail.example.co.uk, please", "Mail me at [e-mail], please"),
        ("Call +44 20 7946 0958 or (555) 123-4567.", "Call [phone] or [phone]."),
        ("打13812345678找我", "打[phone]找我"),
        ("card 4111 1111 1111 1111 12/27", "card [card] 12/27"),
        ("IBAN DE89 3704 0044 0532 0130 00 is mine", "IBAN [iban] is mine"),
        ("GB82WEST12345698765432", "[iban]"),
        ("my SSN is 123-45-6789", "my SSN is [id]"),
        ("身份证 11010519491231002X 谢谢", "身份证 [id] 谢谢"),
        ("order number 4711-2233 is late", "order number [number] is late"),
        ("订单号：20240506 没到", "订单号：[number] 没到"),
    ],
)
def test_what_identifies_somebody_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked
    assert mask(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        "On 2024-05-06 at 12:30 it cost 1 000 000, from 2019-2021 and on 05.06.2024.",
        "Version 1.12.4567 at 192.168.100.200 says 0x80070057.",
        "Model 1234567 takes 3-5 business days and 1,250,000 pages.",
        "The card is 85.60 by 53.98 mm; order 55 of them.",
        "保修期为2024年1月1日起12个月",
    ],
)
def test_what_only_counts_stays(text: str) -> None:
    assert mask(text) == text


def test_checksums() -> None:
    assert (is_card("4111111111111111"), is_card("4111111111111112")) == (True, False)
    assert (is_card("0" * 16), is_card("411111111111")) == (False, False)
    assert (is_iban("DE89 3704 0044 0532 0130 00"), is_iban("DE88 3704 0044 0532 0130 00")) == (True, False)
    assert (is_chinese_id("11010519491231002X"), is_chinese_id("110105194912310021")) == (True, False)


def test_names_go_whole_and_in_parts() -> None:
    names = names_in("Best regards,\nAnna Smith")
    assert names == {"Anna Smith", "Anna", "Smith"}
    assert mask("Anna, Ms Smith and Annabel met Anna Smith.", names) == "[name], Ms [name] and Annabel met [name]."


def test_a_whole_name_goes_however_it_is_cased() -> None:
    names = {"Will Grant", "Will", "Grant", "Zoë Ä"}
    assert mask("will grant: I will. ZOË Ä too; Will.", names) == "[name]: I will. [name] too; [name]."


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hi Anna, thanks", {"Anna"}),
        ("Hello Mr. Smith,\nyour order", {"Smith"}),
        ("I'm Bob from support", {"Bob"}),
        ("我叫李小明，请问", {"李小明"}),
        ("王先生您好", {"王先生"}),
        ("Hi there! How do I reset it?", set()),
        ("Hello team, I am having trouble. Dear all,", set()),
        ("Thanks. Windows says: Update", set()),
    ],
)
def test_names_are_found_where_people_say_them(text: str, names: set[str]) -> None:
    assert names_in(text) == names
