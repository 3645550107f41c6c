"""Takes personal data out of texts: what identifies somebody becomes a placeholder such as [e-mail] or [phone].

Patterns with their checksums (Luhn for cards, ISO 7064 for IBAN and Chinese identity numbers), and the names that it is
told or that a greeting gives away. It finds no other names and no addresses: whoever publishes a text still reads it.
"""

import re
from collections.abc import Callable, Iterable

E_MAIL, PHONE, CARD, IBAN, ID, NUMBER, NAME = (
    f"[{what}]" for what in ("e-mail", "phone", "card", "iban", "id", "number", "name")
)

_E_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}(?![\w-])", re.ASCII)
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?:[ ]?[A-Za-z0-9]){11,30}(?!\w)", re.ASCII)
_CHINESE_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_US_ID = re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])")
_CARD = re.compile(r"(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])")
_LABELS = (
    "account|booking|card|case|claim|client|contract|customer|id|identity|invoice|member|membership|national|order|"
    "passport|policy|reference|reservation|social security|tax|ticket|tracking"
)
_CHINESE_LABELS = "订单|账[户号]|帐号|客户|会员|身份证|护照|合同|发票|工单|运单|快递|卡"
_THREE_DIGITS = r"(?=[\w-]{0,20}\d[\w-]{0,20}\d[\w-]{0,20}\d)"
_LABELLED = re.compile(
    rf"\b((?:{_LABELS})(?: (?:id|no|nr|number|code|reference))?\.?(?: is| was)?[ :#]*)"
    rf"{_THREE_DIGITS}[A-Za-z0-9][\w-]{{3,30}}\b"
    rf"|((?:{_CHINESE_LABELS})(?:号码?|编号)?[ ：:是为#]*)[A-Za-z0-9-]{{4,30}}",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w.,/@-])(?:\+|00)?\(?\d(?:[ ./()-]{0,2}\d){6,14}(?![\w@]|[.,]\d)", re.ASCII)
_DATE = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}(?:[ T]\d{1,2})?|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|\d{4} ?[-/] ?\d{4}")
_THOUSANDS = re.compile(r"\d{1,3}(?:[. ]\d{3})+")

_NAME = r"([^\W\d_][\w'’-]+(?:[ ][^\W\d_a-zà-ÿ][\w'’-]+){0,2})"
_TITLE = r"(?:(?:mrs?|ms|miss|mx|dr|prof)\.? )?"
_GREETED = re.compile(
    rf"(?:^|[.!?\n]\s*)(?i:hi|hello|hey|dear|good (?:morning|afternoon|evening)|thanks|thank you|welcome(?: back)?),? "
    rf"(?i:{_TITLE})(?=[^\W\da-z_]){_NAME}\s*(?=[,!.:–\n-]|$)"
)
_INTRODUCED = re.compile(
    rf"(?i:\bmy name is|\bmy name's|\bthis is|\bI am|\bI'm) (?=[A-ZÀ-Þ]){_NAME}\s*"
    r"(?=[,!.\n]|$| (?:from|and|with|here)\b)"
)
_SIGNED = re.compile(rf"(?i:(?:regards|thanks|sincerely|cheers|best|wishes|yours)),?\s*\n\s*(?=[A-ZÀ-Þ]){_NAME}\s*$")
_CHINESE_NAME = re.compile(
    "(?:我叫|我是|我的名字是)([\u4e00-\u9fff]{2,3})(?=[,，。！!、\\s]|$)"
    "|(?:^|[,，。！!\\s]|尊敬的|您好|你好)([\u4e00-\u9fff]{1,2}(?:先生|女士|小姐))"
)
_NO_NAMES = frozenset(
    ("all", "everybody", "everyone", "folks", "guys", "madam", "sir", "support", "team", "there", "you")
)


def mask(text: str, names: Iterable[str] = ()) -> str:
    """The text with placeholders for e-mail addresses, phones, cards, accounts, identity and customer numbers, and for
    these names.
    """
    text = _E_MAIL.sub(E_MAIL, text)
    text = _IBAN.sub(_longest(is_iban, IBAN), text)
    text = _CHINESE_ID.sub(_longest(is_chinese_id, ID), text)
    text = _US_ID.sub(ID, text)
    text = _CARD.sub(_longest(is_card, CARD), text)
    text = _LABELLED.sub(lambda found: f"{found[1] or found[2]}{NUMBER}", text)
    text = _PHONE.sub(_longest(_is_phone, PHONE), text)
    for name in sorted({name for name in names if len(name) > 1}, key=len, reverse=True):
        case = "(?i)" if " " in name else ""  # alone, a name may be a word: Will, May
        text = re.sub(
            rf"{case}(?<!\w){re.escape(name)}(?!\w)" if name.isascii() else case + re.escape(name), NAME, text
        )
    return text


def names_in(text: str) -> set[str]:
    """The names that a greeting, an introduction or a signature gives away, whole and in their parts."""
    found = {match[1] for pattern in (_GREETED, _INTRODUCED, _SIGNED) for match in pattern.finditer(text)}
    chinese = {name for match in _CHINESE_NAME.finditer(text) for name in match.groups() if name}
    whole = {name for name in found if name.casefold() not in _NO_NAMES}
    parts = {part for name in whole for part in name.split() if part.casefold() not in _NO_NAMES}
    return {name for name in whole | parts if len(name) > 1} | chinese


def is_card(digits: str) -> bool:
    """Whether 13 to 19 digits pass Luhn's check (ISO/IEC 7812); zeros alone are no card."""
    numbers = [int(digit) for digit in digits if digit.isdigit()]
    if not 13 <= len(numbers) <= 19 or not any(numbers):
        return False
    doubled = [2 * number - 9 * (number > 4) for number in numbers[-2::-2]]
    return (sum(numbers[-1::-2]) + sum(doubled)) % 10 == 0


def is_iban(text: str) -> bool:
    """Whether an account number passes ISO 13616's check: moved and read in base 36 it is 1 modulo 97."""
    code = text.replace(" ", "").upper()
    if not 15 <= len(code) <= 34 or not code.isascii():
        return False
    return int("".join(str(int(character, 36)) for character in code[4:] + code[:4])) % 97 == 1


def is_chinese_id(text: str) -> bool:
    """Whether 18 characters pass the check of GB 11643 (ISO 7064, modulo 11-2)."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(text[:17]))
    return "10X98765432"[total % 11] == text[17].upper()


def _is_phone(text: str) -> bool:
    """Whether digits with separators are dialled, not counted or dated."""
    digits = sum(character.isdigit() for character in text)
    if not 7 <= digits <= 15 or _DATE.match(text) or _THOUSANDS.fullmatch(text):
        return False
    return digits >= 10 or text.startswith(("+", "00", "(", "0")) or not text.isdigit()


def _longest(holds: Callable[[str], bool], placeholder: str) -> Callable[[re.Match[str]], str]:
    """Replaces as many of the found words, from the first on, as pass the check together."""

    def replaced(found: re.Match[str]) -> str:
        text = found[0]
        ends = [place for place in range(len(text), 0, -1) if place == len(text) or text[place] in " -"]
        end = next((end for end in ends if holds(text[:end])), 0)
        return placeholder + text[end:] if end else text

    return replaced
