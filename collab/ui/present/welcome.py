"""What a conversation begins with: an invitation, questions to start from, and what is not ready or not kept."""

from collections.abc import Sequence

from collab.texts import Texts
from collab.ui.present.html import button, icon, tag, text


def welcome(t: Texts, *, is_empty: bool, starters: Sequence[str] = ()) -> str:
    """The first thing seen in a new conversation; an empty library invites to fill it."""
    if not is_empty:
        inner = tag("h1", text(t("welcome.ask"))) + tag("p", text(t("welcome.ask.how")))
        return tag(
            "div", inner + chips(t, starters, "welcome.starters", "starter"), class_="welcome", data_testid="welcome"
        )
    choices = button(
        t("welcome.sample"), class_="primary", data_act="knowledge.sample", data_testid="load-sample"
    ) + button(t("welcome.upload"), class_="secondary", data_go="knowledge", data_testid="go-upload")
    inner = (
        tag("span", icon("books"), class_="medallion")
        + tag("h1", text(t("welcome.empty")))
        + tag("p", text(t("welcome.empty.how")))
        + tag("div", choices, class_="choices")
    )
    return tag("div", inner, class_="welcome", data_testid="welcome-empty")


def no_documents(t: Texts) -> str:
    """Under an answer that found nothing where there is nothing to find."""
    ways = button(t("welcome.upload"), class_="secondary", data_go="knowledge", data_testid="go-upload")
    words = icon("books") + tag("span", text(t("welcome.no_documents")))
    return tag("div", words + ways, class_="banner", data_testid="no-documents")


def chips(t: Texts, questions: Sequence[str], label: str, testid: str) -> str:
    """Questions that are asked on a click."""
    if not questions:
        return ""
    items = "".join(
        button(question, class_="chip", data_do="ask-this", data_question=question, data_testid=testid)
        for question in questions
    )
    return tag("div", items, class_="chips asks", role="group", aria_label=t(label))


def unkept(t: Texts, conversation: str) -> str:
    """Says of a temporary chat that it is not kept, and how to keep it."""
    words = icon("clock") + tag("span", text(t("chat.unkept")))
    keep = button(
        t("chat.keep"), class_="link", data_act="frame.keep", data_conversation=conversation, data_testid="keep"
    )
    return tag("div", words + keep, class_="banner", data_testid="unkept")


def loading(t: Texts, *, can_find: bool, stage: str, share: float) -> str:
    """A notice while the models are read into memory; the page looks again by itself."""
    works = text(t("models.finds" if can_find else "models.first"))
    bar = tag("progress", "", value=f"{share:.2f}", max="1", aria_label=stage) if share > 0 else ""
    words = tag("span", "", class_="pulse") + tag("div", tag("strong", text(stage)) + tag("span", works) + bar)
    return tag("div", words, class_="banner", role="status", data_poll=True, data_testid="models-loading")


def unloaded(reason: str) -> str:
    """A notice that there will be no language model, and why."""
    words = icon("warning") + tag("span", text(reason))
    return tag("div", words, class_="banner failed", role="alert", data_testid="models-failed")
