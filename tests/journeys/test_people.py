"""Who may use it, in a real browser: invited, in another role, shut out, with a new password, and by a program."""

import re
import subprocess
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import NewPage
from tests.journeys.visits import claim, sign_in
from tests.running import PASSWORD, Application

pytestmark = pytest.mark.journey

PHONE = {"width": 360, "height": 740, "has_touch": True}
NEW = "another pass phrase"


def invite(page: Page, role: str, name: str = "") -> str:
    """Makes an invitation and returns its address."""
    page.get_by_test_id("invite").click()
    page.get_by_test_id(f"role-{role}").check()
    page.locator("#people").get_by_test_id("name").fill(name)
    page.get_by_test_id("make-link").click()
    return secret(page.locator("#people"))


def secret(room: Locator) -> str:
    """What is shown once."""
    expect(room.get_by_test_id("copy-secret")).to_be_focused()
    return room.get_by_test_id("secret").inner_text()


def enter(page: Page, room: str) -> None:
    """Through the side, which is a drawer on a phone; My account stands in the menu."""
    if room == "account":
        page.get_by_test_id("me").click()
        return page.get_by_test_id("my-account").click()
    if (page.viewport_size or {"width": 0})["width"] <= PHONE["width"]:
        page.get_by_test_id("menu").click()
    page.get_by_test_id(f"room-{room}").click()


def row(page: Page, name: str) -> Locator:
    """The line of a person."""
    return page.get_by_test_id("people-row").filter(has_text=name)


def choose_password(page: Page, password: str) -> None:
    page.get_by_test_id("password").fill(password)
    page.get_by_test_id("password-again").fill(password)


def ask_with(key: str, application: Application) -> str:
    """What a program is told that lists the models with this key: the status."""
    done = subprocess.run(
        ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", f"Authorization: Bearer {key}",
         f"{application.address}/v1/models"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout


def no_sideways_scrolling(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("admin_screen", [{"width": 1280, "height": 900}, PHONE], ids=["desktop", "phone"])
def test_invited_promoted_shut_out_and_back(
    application: Application, new_page: NewPage, tour: Callable[[Page, str], None], admin_screen: dict[str, object]
) -> None:
    ada, eve = new_page(**admin_screen), new_page(**PHONE)
    claim(ada, application, "Ada")
    enter(ada, "people")
    expect(ada.get_by_test_id("alone")).to_be_visible()
    address = invite(ada, "member", "Eve")
    no_sideways_scrolling(ada)
    an_invitation_is_followed(eve, address)

    # Ada sees her, makes her an expert, and what Eve may do changes at once.
    enter(ada, "people")
    row(ada, "Eve").get_by_test_id("change-role").click()
    row(ada, "Eve").get_by_test_id("set-expert").click()
    expect(ada.get_by_test_id("toast")).to_contain_text("Eve is Expert now.")
    enter(eve, "account")
    expect(eve.get_by_test_id("who")).to_have_text("Eve · Expert")
    no_sideways_scrolling(eve)

    eve.goto("about:blank")  # an open page would say in its console that it is refused
    shut_out_and_let_in_again(ada, eve, application)
    invite(ada, "expert", "Kim")
    expect(ada.get_by_test_id("links-row")).to_contain_text("Kim")
    if admin_screen is not PHONE:
        tour(ada, "people")
    a_link_that_nobody_used_is_taken_back(ada)
    a_new_password_by_link(ada, eve)


def an_invitation_is_followed(eve: Page, address: str) -> None:
    """She finds her name in it, and chooses a password."""
    eve.goto(address)
    expect(eve.get_by_test_id("name")).to_have_value("Eve")
    choose_password(eve, PASSWORD)
    eve.get_by_test_id("join").click()
    expect(eve.get_by_test_id("composer")).to_be_visible()
    expect(eve.get_by_test_id("room-people")).to_have_count(0)


def shut_out_and_let_in_again(ada: Page, eve: Page, application: Application) -> None:
    """Asked first, in its place; then at once."""
    row(ada, "Eve").get_by_test_id("disable").click()
    row(ada, "Eve").get_by_test_id("disable-yes").click()
    expect(row(ada, "Eve").get_by_test_id("out")).to_be_visible()
    eve.goto(application.address)
    expect(eve.get_by_test_id("sign-in")).to_be_visible()
    row(ada, "Eve").get_by_test_id("enable").click()
    expect(row(ada, "Eve").get_by_test_id("out")).to_have_count(0)


def a_link_that_nobody_used_is_taken_back(ada: Page) -> None:
    """It was shown once, and is listed until then."""
    unused = ada.get_by_test_id("links-row")
    unused.get_by_test_id("take-back").click()
    expect(unused).to_have_count(0)


def a_new_password_by_link(ada: Page, eve: Page) -> None:
    """On the phone."""
    row(ada, "Eve").get_by_test_id("reset").click()
    eve.goto(secret(ada.locator("#people")))
    expect(eve.get_by_test_id("reset-for")).to_contain_text("For Eve.")
    choose_password(eve, NEW)
    eve.get_by_test_id("change-password").click()
    expect(eve.get_by_test_id("composer")).to_be_visible()


@pytest.mark.parametrize("screen", [{"width": 1280, "height": 900}, PHONE], ids=["desktop", "phone"])
def test_my_account(application: Application, new_page: NewPage, screen: dict[str, object]) -> None:
    ada = new_page(**screen)
    claim(ada, application, "Ada")
    enter(ada, "account")
    expect(ada.locator("#account").get_by_test_id("this-browser")).to_be_visible()
    a_key_works_until_it_is_revoked(ada, application)
    other = new_page()
    sign_in(other, application, "Ada")
    signed_in_elsewhere_is_seen_and_ended(ada, other)
    the_password_is_changed_with_the_old_one(ada)

    # The language goes with the person to the other browser.
    ada.locator("#account").get_by_test_id("language-zh").click()
    expect(ada.get_by_test_id("account-title")).to_have_text("我的账号")
    no_sideways_scrolling(ada)
    other.get_by_test_id("name").fill("Ada")
    other.get_by_test_id("password").fill(NEW)
    other.get_by_test_id("sign-in").click()
    expect(other).to_have_url(re.compile("/zh/"))


def a_key_works_until_it_is_revoked(page: Page, application: Application) -> None:
    """A program is answered with it, and refused afterwards."""
    account = page.locator("#account")
    account.get_by_test_id("name").fill("Nightly report")
    account.get_by_test_id("make-key").click()
    key = secret(account)
    assert ask_with(key, application) == "200"
    enter(page, "account")
    expect(account.get_by_test_id("keys-row")).to_contain_text(re.compile("just now|minute"))
    expect(account.get_by_test_id("secret")).to_have_count(0)
    account.get_by_test_id("revoke").click()
    account.get_by_test_id("revoke-yes").click()
    expect(account.get_by_test_id("keys-row")).to_have_count(0)
    assert ask_with(key, application) == "401"


def signed_in_elsewhere_is_seen_and_ended(page: Page, other: Page) -> None:
    """Of the same person, who is asked to sign in again there."""
    account = page.locator("#account")
    enter(page, "account")
    expect(account.get_by_test_id("sessions-row")).to_have_count(2)
    account.get_by_test_id("end-others").click()
    expect(account.get_by_test_id("sessions-row")).to_have_count(1)
    other.reload()
    expect(other.get_by_test_id("sign-in")).to_be_visible()


def the_password_is_changed_with_the_old_one(page: Page) -> None:
    """A wrong one is told in the form, which keeps what was typed."""
    account = page.locator("#account")
    account.get_by_test_id("old").fill("a wrong password")
    account.get_by_test_id("password").fill(NEW)
    account.get_by_test_id("again").fill(NEW)
    account.get_by_test_id("change-password").click()
    expect(account.get_by_test_id("change-password-error")).to_contain_text("This is not your present password")
    account.get_by_test_id("old").fill(PASSWORD)
    account.get_by_test_id("change-password").click()
    expect(page.get_by_test_id("toast")).to_contain_text("Your password is changed")
