"""What a request says of the browser that it comes from: its session, its address, and how it reaches us."""

from dataclasses import dataclass

import gradio as gr

from collab.people.sessions import COOKIE


@dataclass(frozen=True, slots=True)
class Visit:
    """`token` is the session's and stays in the server; `origin` is such as "https://assist.example.org"."""

    token: str = ""
    address: str = ""
    origin: str = ""

    @classmethod
    def of(cls, request: gr.Request, public_url: str) -> "Visit":
        """`public_url` is the address that people use, where it is set."""
        url = request.url
        return cls(
            token=request.cookies.get(COOKIE, ""),
            address=request.client.host if request.client else "",
            origin=public_url.rstrip("/") or f"{url.scheme}://{url.netloc}",
        )
