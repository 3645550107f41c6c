"""Plain text in English and Chinese: the same question, sentences, search words, invisible characters.

Pure functions over strings. It knows no documents, no database and no model; whoever needs meaning asks the embedder.
"""

import re
import threading
import unicodedata
import warnings
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import Stemmer

from knowledge.wordlists import (
    BEFORE_NAME,
    BEFORE_NUMBER,
    CHINESE_STOP_WORDS,
    DAYS_AND_MONTHS,
    NEVER_LAST,
    SENTENCE_STARTERS,
    STOP_WORDS,
)

if TYPE_CHECKING:
    from jieba import Tokenizer
    from opencc import OpenCC


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range `[start, end)` of characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text without invisible characters, and where they stood in the original (ascending)."""

    text: str
    removed: tuple[int, ...]


# --- the same question ------------------------------------------------------------------------------------------------

_QUOTES = '"`“”„‟‘‚‛«»‹›「」『』《》〈〉〝〞〟'
_QUOTE_MARK = re.compile(f"[{_QUOTES}]|(?<!\\w)'|'(?!\\w)")  # what is left of ' stands inside a word: don't
_APOSTROPHE = str.maketrans("’ʼ", "''")
_SENTENCE_END = " .?!…。？！‽؟。"


def normalise(question: str) -> str:
    """The form in which two questions are *the same*: equal results mean one question.

    NFKC, case folded, white space collapsed, quotation marks and the sentence punctuation at the end removed.
    Punctuation inside or attached to a word or number stays: C#, 1.5 %, -5, version 1.12, don't. Idempotent. A text of
    nothing but such punctuation becomes the empty string.
    """
    before = None
    while question != before:  # case folding can undo NFKC, and a removed mark can bring the next one to the end
        before = question
        folded = unicodedata.normalize("NFKC", question).casefold().translate(_APOSTROPHE)
        question = " ".join(_QUOTE_MARK.sub("", folded).split()).rstrip(_SENTENCE_END)
    return question


# --- invisible characters ---------------------------------------------------------------------------------------------

# Joiners shape letters from Arabic to Khmer and Mongolian, and glue emoji; anywhere else they only hide.
_JOINED = "\u0600-\u109f\u1780-\u18af\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_INVISIBLE = re.compile(
    f"(?<![{_JOINED}])[\u200c\u200d]"
    "|[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\\ud800-\\udfff\U000e0000-\U000e0fff]"
)


def clean(text: str) -> Cleaned:
    """Remove what nobody can see: control characters (but not line break and tab), zero-width and bidirectional
    controls, tags, lone surrogates. The result can always be encoded as UTF-8.
    """
    removed = tuple(match.start() for match in _INVISIBLE.finditer(text))
    return Cleaned(_INVISIBLE.sub("", text), removed) if removed else Cleaned(text, ())


# --- sentences --------------------------------------------------------------------------------------------------------

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_CANDIDATE = re.compile(
    r"\n"
    r"|[。！？；]++[”’」』）》】\"']*+"
    r"|(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?:\s?\[\d+\])*+"  # possessive: no run of marks is read twice
    f"(?=\\s|(?<=[!?])[{_HAN}])"
)
_NEXT_WORD = re.compile(r"[\s\"'“‘«(\[]*([^\s\"'”’»)\],.;:!?]*)")
_LIST_NUMBER = re.compile(r"\W*(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})")
_INITIALS = re.compile(r"(?:\w\.)*\w")
_LEADER = re.compile(r"\.{5,}")  # the dots between a heading and its page number
_LOOK_BACK = 40  # characters: longer than any abbreviation

_HOURS = frozenset({"a.m", "p.m"})


def sentences(text: str) -> list[Span]:
    """The sentences of a text, in order. Every character that is not white space is in exactly one of them.

    A line break ends a sentence (so does the row of a table or an item of a list): whoever reads a document joins the
    lines that were only wrapped.
    """
    spans: list[Span] = []
    start = 0
    for match in _CANDIDATE.finditer(text):
        if match[0][0] in "\n。！？；" or _ends_sentence(text, start, match):
            _append_trimmed(spans, text, start, match.end())
            start = match.end()
    _append_trimmed(spans, text, start, len(text))
    return spans


def _append_trimmed(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    body = piece.strip()
    if body:
        begin = start + len(piece) - len(piece.lstrip())
        spans.append(Span(begin, begin + len(body)))


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether the full stop, question or exclamation mark of `match` is the end, judged by the words around it."""
    following = _NEXT_WORD.match(text, match.end())
    next_word, next_mark = (following[1], text[following.end() : following.end() + 1]) if following else ("", "")
    if next_word.islower() and next_word[0].islower():
        return False
    if (not next_word and next_mark in ".!?…" and next_mark) or _LEADER.fullmatch(match[0]):
        return False
    if match[0] != ".":
        return True
    before = text[max(start, match.start() - _LOOK_BACK) : match.start()].strip()
    if _LIST_NUMBER.fullmatch(before):
        return False
    last = before.rsplit(maxsplit=1)[-1] if before else ""
    starts = next_word.casefold() in SENTENCE_STARTERS and (len(next_word) > 1 or next_mark != ".")
    return _abbreviation_ends(last.lstrip("\"'“‘«(["), next_word, starts)


def _abbreviation_ends(last: str, next_word: str, starts: bool) -> bool:
    """Whether a full stop after `last` ends a sentence although it may only mark an abbreviation.

    `starts` says that the next word is one that often begins a sentence.
    """
    is_initial = bool(_INITIALS.fullmatch(last)) and last[0].isupper()
    last = last.casefold()
    if last in NEVER_LAST:
        return False
    if last in BEFORE_NUMBER:
        return not next_word[:1].isdigit()
    if last in _HOURS:
        return not next_word.isupper() and next_word.casefold() not in DAYS_AND_MONTHS
    if last in BEFORE_NAME or is_initial:
        return starts
    return True


# --- words ------------------------------------------------------------------------------------------------------------

_HAN_CHARACTER = re.compile(f"[{_HAN}]")
_LETTERS = re.compile(f"[^\\W\\d_{_HAN}]+")
_KANA_OR_HANGUL = re.compile("[\u3040-\u30ff\u1100-\u11ff\uac00-\ud7af]")
_TOKEN = re.compile(
    f"[{_HAN}]+"
    r"|\d+(?:,\d{3})+(?:\.\d+)?(?![\w,])"
    r"|[a-z](?:\+\+|#)"
    f"|[^\\W_{_HAN}]+(?:['.\\-][^\\W_{_HAN}]+)*"
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_JOINT = re.compile(r"[.\-]")
_NUMBER_OR_LETTERS = re.compile(r"\d+(?:\.\d+)*|[^\W\d_]+")


def is_chinese(text: str) -> bool:
    """Whether a text is mainly Chinese: at least as many Chinese characters as other words, no kana, no hangul."""
    han = len(_HAN_CHARACTER.findall(text))
    return han > 0 and han >= len(_LETTERS.findall(text)) and not _KANA_OR_HANGUL.search(text)


def has_chinese(text: str) -> bool:
    """Whether there is any Chinese character in a text, and no kana or hangul."""
    return bool(_HAN_CHARACTER.search(text)) and not _KANA_OR_HANGUL.search(text)


def simplified(text: str) -> str:
    """Traditional characters as simplified ones, character by character: what is said in Taiwan stays as it is said."""
    return text if text.isascii() else str(_simplifier().convert(text))


def chinese_words(text: str) -> list[str]:
    """The words of a Chinese text, each character in one of them, in order."""
    return list(_segmenter().cut(text, HMM=False))


@cache
def _simplifier() -> "OpenCC":
    from opencc import OpenCC

    return OpenCC("t2s")


def words(text: str) -> list[str]:
    """The search words of a text in order: folded (NFKC, case, accents), Chinese segmented, nothing left out.

    A word with joints gives its parts (well-known: well, known); one of digits and letters gives itself and its parts
    (TX-200: tx-200, tx, 200; 5kg: 5kg, 5, kg); a decimal number is one word. Thousands separators go: 9,000 is 9000.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHE)
    if not folded.isascii():
        folded = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", folded)))
    found: list[str] = []
    for token in _TOKEN.findall(folded):
        if token.isalpha() and token.isascii():
            found.append(token)
        elif _HAN_CHARACTER.match(token):
            found.extend(_chinese_words(token))
        else:
            found.extend(_parts(token))
    return found


def content_words(text: str) -> list[str]:
    """The words that carry the content, in order: stop words left out, English ones stemmed (Porter).

    Negations stay, since they turn a sentence round; don't and cannot give not.
    """
    stems = (_stem(word) for word in words(text))
    return [stem for stem in stems if stem]


def _parts(token: str) -> list[str]:
    """The search words of one token with digits or joints in it."""
    if token.endswith("'s"):
        token = token[:-2]
    if not any(character.isdigit() for character in token):
        return _JOINT.split(token)
    parts = _NUMBER_OR_LETTERS.findall(token.replace(",", ""))
    return parts if len(parts) == 1 else [token, *parts]


_stemmer = Stemmer.Stemmer("porter")
_stemmer_lock = threading.Lock()  # a stemmer keeps state during a call


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    """The stem of a word, or the empty string for a stop word."""
    if word in STOP_WORDS or word in CHINESE_STOP_WORDS:
        return ""
    if word.endswith("n't") or word == "cannot":
        return "not"
    with _stemmer_lock:
        return str(_stemmer.stemWord(word))


@cache
def _segmenter() -> "Tokenizer":
    """The Chinese segmenter with its dictionary, made on first use (0.6 s)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its source has escapes that Python has since deprecated
        import jieba
    tokenizer = jieba.Tokenizer()
    # Loaded here rather than by the library, which would log and share a cache in the system's temporary folder.
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer


@lru_cache(maxsize=10_000)
def _chinese_words(run: str) -> tuple[str, ...]:
    """The words of a run of Chinese characters, long ones also by their parts."""
    return tuple(_segmenter().cut_for_search(run))
