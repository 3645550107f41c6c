"""Markup is one line, and what people wrote stays text."""

from collab.ui.present.html import attributes, tag, text


def test_what_people_wrote_stays_text() -> None:
    assert text('<b onclick="x">&\'') == "&lt;b onclick=&quot;x&quot;&gt;&amp;&#x27;"


def test_line_breaks_never_reach_markdown() -> None:
    assert text("a\n\nb\r\tc\u2028d") == "a&#10;&#10;b&#13;&#9;c d"


def test_attributes_leave_out_what_is_absent() -> None:
    values = {"class_": "a b", "data_turn": "x", "hidden": True, "open": False, "aria_current": None, "data_n": 0}
    assert attributes(values) == ' class="a b" data-turn="x" hidden data-n="0"'


def test_an_attribute_cannot_be_left() -> None:
    assert tag("i", "", title='"><script>') == '<i title="&quot;&gt;&lt;script&gt;"></i>'
