"""Who may come in. Authentication has its one place here: `Door.reviewer` names who asks, or nobody.

Today the one reviewer is whoever started the server and opened its link, which works once. A team's sign-on would
replace `enter` and `reviewer`; every page asks only these two.
"""

import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from itsdangerous import BadSignature, Signer, URLSafeSerializer
from starlette.datastructures import FormData, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN_PATHS = ("/enter", "/static/")
LARGEST_FORM_BYTES = 100_000
_SAFE_METHODS = frozenset({"GET", "HEAD"})
# Own files only, nothing inline, nothing from elsewhere, in no frame. `same-origin` keeps Origin on forms' posts.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Door:
    """The door of one server: its addresses, the link that opens it once, and the sessions it gave out."""

    host: str
    port: int
    by: str
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _links: set[str] = field(default_factory=set, repr=False)

    @property
    def origin(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{name}:{self.port}"

    def link(self) -> str:
        """A new address that opens a session, once."""
        token = secrets.token_urlsafe(32)
        self._links.add(token)
        return f"{self.origin}/enter?token={token}"

    def enter(self, request: Request) -> Response:
        """A session for whoever brings an unused link. Raises HTTPException 403."""
        token = parse_qs(request.url.query).get("token", [""])[0]
        if request.method == "HEAD":  # whoever looks at a link without opening it does not use it up
            return Response()
        try:
            self._links.remove(token)
        except KeyError:
            words = "This link was used already, or belongs to another start of `triage review`."
            raise HTTPException(403, words) from None
        answer = RedirectResponse("/", 303)
        session = URLSafeSerializer(self._secret, salt="session").dumps({"by": self.by, "id": secrets.token_hex(8)})
        answer.set_cookie(self._cookie, str(session), httponly=True, samesite="strict", path="/")
        return answer

    def reviewer(self, request: Request) -> str | None:
        """The name under which this request's verdicts are kept; None for a stranger."""
        session = self._session(request)
        return session["by"] if session else None

    def csrf(self, request: Request) -> str:
        """The word that every form of this session carries."""
        session = self._session(request)
        return Signer(self._secret, salt="form").get_signature(session["id"]).decode() if session else ""

    async def form(self, request: Request) -> FormData:
        """What was posted from one of our own forms. Raises HTTPException 403."""
        posted = await request.form(max_files=0, max_fields=40)
        given, wanted = str(posted.get("csrf", "")), self.csrf(request)
        if not wanted or not secrets.compare_digest(given.encode(), wanted.encode()):
            raise HTTPException(403, "This form does not belong to your session; open the page again.")
        return posted

    def refuses(self, request: Request) -> Response | None:
        """The answer to a request that no page should see; None for one that may go on."""
        if request.headers.get("host") not in self._hosts:  # another name for this machine: DNS rebinding
            return PlainTextResponse("this server answers to its own address only", 400)
        if request.method in _SAFE_METHODS:
            return None
        foreign = request.headers.get("origin") not in {f"http://{host}" for host in self._hosts}
        if foreign or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return PlainTextResponse("only this server's own pages may post to it", 403)
        length = request.headers.get("content-length", "")
        if not length.isdigit() or int(length) > LARGEST_FORM_BYTES:
            return PlainTextResponse(f"a form of at most {LARGEST_FORM_BYTES} bytes, with its length", 413)
        return None

    @property
    def _hosts(self) -> frozenset[str]:
        return frozenset({self.origin.removeprefix("http://"), f"localhost:{self.port}"})

    @property
    def _cookie(self) -> str:
        return f"triage-review-{self.port}"  # cookies do not tell ports apart

    def _session(self, request: Request) -> dict[str, Any] | None:
        try:
            session: dict[str, Any] = URLSafeSerializer(self._secret, salt="session").loads(
                request.cookies.get(self._cookie, "")
            )
        except BadSignature:
            return None
        return session


class Guard:
    """Stands before every page: refuses what must not come in, and sends every answer off with the same headers."""

    def __init__(self, app: ASGIApp, *, door: Door) -> None:
        self._app, self._door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        request = Request(scope)
        await (self._door.refuses(request) or self._app)(scope, receive, guarded)
