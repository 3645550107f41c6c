"""The forms of the chat that hold no records: the composer, and the patterns that the page copies into a turn."""

from collections.abc import Iterable

from collab.dialogue.engines.queue import MOST_OF_ONE
from collab.feedback.ratings import Reason
from collab.texts import Texts
from collab.ui.present.frame import toast
from collab.ui.present.html import button, icon, icon_button, tag, text, with_drawings
from collab.ui.present.review import KEYS
from collab.ui.present.side import menu

_EVERYWHERE = (
    ("Enter", "send"),
    ("Shift+Enter", "break"),
    ("Ctrl+Enter", "save"),
    ("Esc", "cancel"),
    ("/", "focus"),
    ("Ctrl+K", "search"),
    ("?", "help"),
)


def composer(t: Texts) -> str:
    """Where one asks. Enter sends, Shift+Enter breaks the line; while an answer comes, Stop takes the place of Send.

    What is wrong with a question is said here, beside it.
    """
    error = tag("p", "", class_="form-error", role="alert", data_ask_error=True, data_testid="ask-error")
    field = tag(
        "textarea",
        class_="ask",
        rows=1,
        dir="auto",
        placeholder=t("chat.placeholder"),
        aria_label=t("chat.placeholder"),
        data_testid="composer",
    )
    temporary = tag(
        "button",
        icon("clock") + tag("span", text(t("chat.temporary"))),
        type="button",
        class_="temporary",
        title=t("chat.temporary.how"),
        aria_pressed="false",
        data_do="temporary",
        data_testid="temporary",
    )
    send = icon_button(t("chat.send"), "arrow-up", class_="send", data_do="send", data_testid="send")
    stop = icon_button(t("chat.stop"), "square", class_="stop", data_do="stop", data_testid="stop")
    box = tag("div", field + temporary + send + stop, class_="composer-box")
    full = t.error("answers_under_way", {"most": MOST_OF_ONE})
    return tag("div", error + box, class_="composer", data_full=full, data_busy=t("chat.busy"))


def patterns(t: Texts) -> str:
    """Forms that the page copies into a turn at once, without asking the server."""
    return tag(
        "div", _editor(t) + _reword(t) + _rename(t) + menu(t) + _reasons(t) + _keys(t) + _notices(t), hidden=True
    )


def _reword(t: Texts) -> str:
    """One's own question, to be asked in other words."""
    field = tag("textarea", rows=1, dir="auto", aria_label=t("act.reword"), data_testid="reword-text")
    acts = tag(
        "div",
        button(t("reword.ask"), class_="primary", data_do="ask-reworded", data_testid="ask-reworded")
        + button(t("act.cancel"), class_="secondary", data_do="cancel-reword", data_testid="cancel-reword"),
        class_="row",
    )
    return tag("template", tag("div", field + acts, class_="editor rewording"), id="reword-pattern")


def _rename(t: Texts) -> str:
    label = text(t("side.title"))
    field = f'<input type="text" maxlength="80" aria-label="{label}" data-testid="title" data-rename="">'
    return tag("template", field, id="rename-pattern")


def _editor(t: Texts) -> str:
    kinds = tag(
        "fieldset",
        tag("legend", text(t("correct.kind")), class_="sr")
        + _radio("kind", "fact", t("correct.fact"), is_checked=True)
        + _radio("kind", "style", t("correct.style"), is_checked=False),
        class_="kinds",
    )
    acts = tag(
        "div",
        button(t("act.save"), class_="primary", data_do="save-edit", data_testid="save-correction")
        + button(t("act.cancel"), class_="secondary", data_do="cancel-edit", data_testid="cancel-correction")
        + tag("span", text(t("correct.keys")), class_="keys quiet"),
        class_="row",
    )
    field = tag(
        "textarea",
        rows=3,
        dir="auto",
        aria_label=t("correct.label"),
        data_testid="editor",
    )
    diff = tag("p", "", class_="diff", data_diff=True, aria_label=t("correct.diff"), data_testid="diff", dir="auto")
    error = tag("p", "", class_="form-error", role="alert", data_error=True, data_testid="editor-error")
    return tag("template", tag("div", field + diff + kinds + error + acts, class_="editor"), id="editor-pattern")


def _radio(name: str, value: str, label: str, *, is_checked: bool) -> str:
    field = f'<input type="radio" name="{name}" value="{value}" data-testid="kind-{value}"{" checked" * is_checked}>'
    return tag("label", field + tag("span", text(label)))


def _reasons(t: Texts) -> str:
    chips = "".join(
        tag(
            "button",
            tag("span", text(t(f"reason.{name}"))) + tag("span", text(t(f"rate.next.{name}")), class_="what-next"),
            type="button", class_="chip", data_do="reason", data_reason=name, aria_pressed="false",
            data_testid=f"reason-{name}",
        )
        for name in Reason
    )  # fmt: skip
    comment = tag(
        "div",
        f'<input type="text" data-testid="comment" aria-label="{text(t("rate.comment"))}"'
        f' placeholder="{text(t("rate.comment"))}">'
        + button(t("rate.send"), class_="secondary", data_do="send-reason", data_testid="send-reason"),
        class_="row",
    )
    inner = (
        tag("p", text(t("rate.why")), class_="quiet")
        + tag("div", chips, class_="chips")
        + tag("div", "", data_which=True)
        + comment
    )
    return tag("template", tag("div", inner, class_="reasons", data_testid="reasons"), id="reasons-pattern")


def _keys(t: Texts) -> str:
    """What each key does: everywhere, then in the review."""
    close = icon_button(t("act.close"), "cross", data_do="close-keys")
    head = tag("header", tag("h2", text(t("keys.title"))) + close)
    review = tag("h3", text(t("room.review"))) + _listed(t, "review.key", KEYS)
    return tag("template", head + _listed(t, "keys", _EVERYWHERE) + review, id="keys-pattern")


def _listed(t: Texts, kind: str, keys: Iterable[tuple[str, str]]) -> str:
    rows = (tag("dt", tag("kbd", text(key))) + tag("dd", text(t(f"{kind}.{name}"))) for key, name in keys)
    return tag("dl", "".join(rows))


def _notices(t: Texts) -> str:
    """What the page says by itself, where no answer of the server comes; nor may it wait for a drawing from there."""
    failures = "".join(
        tag("template", with_drawings(toast(t, t(key), nonce="", is_error=True)), id=f"{name}-pattern")
        for name, key in (
            ("lost", "notice.lost"),
            ("not-copied", "notice.not_copied"),
            ("not-sent", "upload.failed"),
            ("too-large", "upload.too_large"),
            ("no-room", "upload.no_room"),
        )
    )
    copied = tag("template", with_drawings(toast(t, t("notice.copied"), nonce="")), id="copied-pattern")
    loading = toast(t, t("notice.sampling"), nonce="", drawing="clock")
    return copied + failures + tag("template", with_drawings(loading), id="sampling-pattern")
