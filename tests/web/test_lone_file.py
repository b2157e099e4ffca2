"""One case in one file that needs nothing else."""

from datetime import UTC

from agent.schema.record import KeepText
from agent.web.desk import Desk
from agent.web.lone_file import lone_file
from tests.web import cases
from tests.web.test_app import hostile, parsed


def page_of(store, key):
    return lone_file(Desk(store, cases.POLICY, UTC, KeepText.FULL), store.get(key))


def test_the_file_holds_the_case_and_asks_for_nothing(sqlite):
    """Thread, scores, decision and drafts; no script, no form, no address outside itself."""
    page = page_of(sqlite, cases.keep(sqlite))
    for words in (
        "Nordlicht Logistik",
        "two people do nothing but compare lists by hand",
        "Escalate with urgency",
        "not found in the text",
    ):
        assert words in page
    tags = parsed(page)
    assert not {"script", "link", "img", "form", "input", "button", "iframe"} & set(tags.tags)
    assert all(value.startswith("#") for name, value in tags.attributes if name in {"href", "src"})


def test_an_email_cannot_act_in_the_file(sqlite):
    """The policy inside allows our own style by its digest, and nothing else at all."""
    page = page_of(sqlite, hostile(sqlite))
    tags = parsed(page)
    assert tags.tags.count("style") == 1
    assert not {"script", "iframe", "img"} & set(tags.tags)
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert "unsafe-inline" not in page


def test_the_style_is_the_one_that_the_policy_allows(chromium, sqlite, tmp_path):
    """A browser applies it: the digest fits, and the page is laid out."""
    file = tmp_path / "case.html"
    file.write_text(page_of(sqlite, hostile(sqlite)), encoding="utf-8")
    page = chromium.new_page()
    faults, asked = [], []
    page.on("console", lambda message: faults.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('.columns')).display") == "grid"
    assert asked == [file.as_uri()]
    assert faults == []
    page.close()
