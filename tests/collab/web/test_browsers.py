import pytest

from collab.web.browsers import browser_of

MOZILLA = "Mozilla/5.0"
LIKE = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (f"{MOZILLA} (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox/Linux"),
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64) {LIKE} Chrome/140.0.0.0 Safari/537.36", "Chrome/Windows"),
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64) {LIKE} Chrome/140.0 Safari/537.36 Edg/140.0", "Edge/Windows"),
        (f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) {LIKE} Version/19.0 Safari/605.1.15", "Safari/macOS"),
        (
            f"{MOZILLA} (iPhone; CPU iPhone OS 19_0 like Mac OS X) {LIKE} CriOS/140.0 Mobile Safari/604.1",
            "Chrome/iPhone",
        ),
        (f"{MOZILLA} (Linux; Android 15; Pixel 9) {LIKE} Chrome/140.0 Mobile Safari/537.36", "Chrome/Android"),
        (
            f"{MOZILLA} (Linux; Android 15) {LIKE} Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0",
            "WeChat/Android",
        ),
        ("curl/8.14.1", "curl/"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_a_browser_has_a_plain_name(agent: str, name: str) -> None:
    assert browser_of(agent) == name
