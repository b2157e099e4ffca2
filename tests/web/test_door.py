"""Nobody comes in but whoever holds the link, and nothing is posted but from our own pages."""

import re

import httpx2
import pytest

from agent.schema.record import EntryKind
from tests.web import cases
from tests.web.conftest import PATIENCE_MS


def stranger(site, **headers):
    return httpx2.Client(base_url=site.door.origin, timeout=PATIENCE_MS / 1000, headers=headers)


def form_of(page):
    """The hidden fields of the first form that posts."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))


def test_a_link_opens_once(lite):
    """The first browser gets a session in a cookie that scripts cannot read and other sites cannot send."""
    link = lite.door.link()
    with stranger(lite) as first, stranger(lite) as second:
        assert first.head(link).status_code == 200  # a preview of the link does not use it up
        entered = first.get(link)
        assert (entered.status_code, entered.headers["location"]) == (303, "/")
        cookie = entered.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert first.get("/").status_code == 200
        assert second.get(link).status_code == 403
        assert second.get("/").status_code == 403


@pytest.mark.parametrize("path", ["/", "/agreement", "/overdue", "/policy", "/case/{}"])
def test_a_stranger_sees_no_page(lite, path):
    """Without a session every page says how it is opened, and shows nothing of the record."""
    key = cases.keep(lite.store)
    with stranger(lite) as client:
        answer = client.get(path.format(key))
    assert answer.status_code == 403
    assert "triage review" in answer.text
    assert "Nordlicht" not in answer.text
    assert [entry.kind for entry in lite.store.history(key)] == [EntryKind.RUN]


def test_a_made_up_session_is_none(lite):
    """A cookie that this server did not sign opens nothing."""
    with stranger(lite, Cookie=f"triage-review-{lite.door.port}=eyJieSI6ICJBZGEifQ.forged") as client:
        assert client.get("/").status_code == 403


def test_another_name_for_this_machine_is_refused(lite, client):
    """DNS rebinding: a page of another host that resolves to loopback gets no answer, session or not."""
    answer = client.get("/", headers={"Host": f"evil.example:{lite.door.port}"})
    assert answer.status_code == 400
    assert client.get("/", headers={"Host": f"localhost:{lite.door.port}"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_other_sites_cannot_post(lite, client, headers):
    """A verdict posted from elsewhere is refused before it is read, even with the session and the form's word."""
    key = cases.keep(lite.store)
    fields = form_of(client.get(f"/case/{key}"))
    answer = client.post(f"/case/{key}/verdict", data=fields | {"say": "agree"}, headers=headers)
    assert answer.status_code == 403
    assert lite.store.get(key).summary.verdict is None


@pytest.mark.parametrize("word", ["", "wrong", "é"])
def test_a_form_carries_its_sessions_word(lite, client, word):
    """Without it, or with another session's, nothing is kept."""
    key = cases.keep(lite.store)
    fields = form_of(client.get(f"/case/{key}")) | {"say": "agree", "csrf": word}
    assert client.post(f"/case/{key}/verdict", data=fields).status_code == 403
    with lite.client() as other:
        theirs = form_of(other.get(f"/case/{key}"))["csrf"]
    assert client.post(f"/case/{key}/verdict", data=fields | {"csrf": theirs}).status_code == 403
    assert lite.store.get(key).summary.verdict is None


def test_a_form_has_an_end(lite, client):
    """More than any form of ours can hold is refused unread."""
    key = cases.keep(lite.store)
    assert client.post(f"/case/{key}/verdict", data={"reason": "x" * 200_000}).status_code == 413


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/review.css", "/enter?token=x"])
def test_every_answer_is_locked_down(client, path):
    """Own files only, no inline script or style, no frame, no cache, no other origin; errors too."""
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert "server" not in headers


def test_static_files_stay_in_their_folder(client):
    """No path leads out of it."""
    assert client.get("/static/../door.py").status_code == 404
    assert client.get("/static/%2e%2e/door.py").status_code == 404
