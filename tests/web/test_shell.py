"""The shell around the pages: doors, headers, the way out, titles, pages without script."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import ResolverMatch
from django.utils import translation

from accounts.permissions import PERMISSIONS
from tests import people
from web import rooms
from web.middleware import KEY_PAGES, PrivatePagesMiddleware, public_page

TEMPLATES = Path(settings.BASE_DIR) / "web" / "templates"
SCRIPTED = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def client(client: Client) -> Client:
    """Whitenoise warns of a missing directory of collected files, and warnings are errors."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    return client


pytestmark = pytest.mark.usefixtures("english")


# Rooms


def test_every_door_has_a_permission_that_exists() -> None:
    assert {name for room in (*rooms.DESK, *rooms.OWN) for name in room.permissions} <= set(PERMISSIONS)


@pytest.mark.django_db(transaction=True)
def test_people_see_the_doors_they_may_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "reverse", lambda name: f"/desk/{name.removeprefix('desk:')}/")
    request = RequestFactory().get("/desk/money/claims/")
    request.user = people.treasurer()
    doors = rooms.open_doors(rooms.DESK, request)
    assert [str(door.word) for door in doors] == ["Worklist", "Money", "Reports"]
    assert [str(door.word) for door in doors if door.current] == ["Money"]
    request.user = AnonymousUser()
    assert rooms.open_doors(rooms.DESK, request) == []


def test_rooms_that_are_not_built_have_no_door() -> None:
    missing = rooms.Room(rooms.DESK[0].word, "desk:cellar")
    assert rooms.doors([missing], "/desk/") == []


# Headers, the way out, pages


def private_view(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("x", headers={"Cache-Control": "max-age=60"})


@public_page
def public_view(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("x")


def answer(view: Any, url_name: str = "") -> HttpResponse:
    request = RequestFactory().get("/")
    request.resolver_match = ResolverMatch(view, (), {}, url_name=url_name)
    return PrivatePagesMiddleware(view)(request)


def test_pages_are_private_unless_marked() -> None:
    private = answer(private_view)
    assert private["Cache-Control"] == "no-store"
    assert "noindex" in private["X-Robots-Tag"]
    public = answer(public_view)
    assert "X-Robots-Tag" not in public
    assert public["Cache-Control"] == "no-store"
    assert {private["Referrer-Policy"], public["Referrer-Policy"]} == {"same-origin"}


def test_only_key_pages_may_run_our_script() -> None:
    def policy(url_name: str) -> str:
        return CSPMiddleware(private_view).process_response(request, answer(private_view, url_name))[HEADER]

    request = RequestFactory().get("/")
    assert all("script-src 'self'" in policy(name) for name in KEY_PAGES)
    assert "script-src" not in policy("account_login")


@pytest.mark.django_db
def test_leaving_ends_the_session_and_goes_elsewhere(client: Client) -> None:
    session = client.session
    session["mark"] = "x"
    session.save()
    key = session.session_key or ""
    response = client.get("/leave/")
    assert response.status_code == 303
    assert response["Location"] == settings.LEAVE_URL
    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert response["Referrer-Policy"] == "no-referrer"
    assert not type(session)().exists(key)


@pytest.mark.django_db
def test_readiness_asks_each_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/livez").status_code == 200
    with monkeypatch.context() as broken:

        def away() -> None:
            raise DatabaseError

        broken.setattr(connections["default"], "cursor", away)
        response = client.get("/livez"), client.get("/readyz")
    assert [one.status_code for one in response] == [200, 503]


PAGES = [
    "/en/about/",
    "/en/about/giving/",
    "/en/about/access/",
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/nothing/here/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_pages_have_a_language_one_heading_a_way_out_and_no_script(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert '<html lang="en">' in page
    assert page.count("<h1") == 1
    assert 'href="/leave/"' in page
    assert "<script" not in page
    assert not SCRIPTED.search(page)
    assert not re.search(r'(src|href)="(https?:)?//', page)


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "503"])
def test_error_pages_need_no_request(name: str) -> None:
    page = render_to_string(f"{name}.html")
    assert page.count("<h1") == 1
    assert "/leave/" in page
    assert not SCRIPTED.search(page)


def test_the_desk_wears_its_own_look() -> None:
    assert '<body class="desk">' in render_to_string("desk.html")
    assert '<body class="public">' in render_to_string("public.html")


def test_only_key_pages_name_a_script() -> None:
    scripted = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if "<script" in path.read_text()
    }
    assert scripted == {
        "mfa/authenticate.html",
        "mfa/webauthn/add_form.html",
        "mfa/webauthn/reauthenticate.html",
    }
    assert len(KEY_PAGES) == len(scripted)


@pytest.mark.django_db
def test_the_sign_in_page_says_which_field_is_wrong(client: Client) -> None:
    page = client.post("/account/login/", {}).content.decode()
    assert "Error:" in page.split("</title>")[0]
    assert 'href="#id_login">Username: ' in page
    assert "Forgot" not in page


def test_no_private_template_writes_a_title_of_its_own() -> None:
    private = re.compile(r'extends "(desk|base|mfa/|account/|allauth/)')
    block = re.compile(r"{%\s*block title\s*%}(.*?){%\s*endblock", re.DOTALL)
    seen = 0
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text()
        for found in block.findall(text) if private.search(text) else []:
            seen += 1
            assert re.fullmatch(r'\s*{% title "[a-z-]+" %}\s*', found), template
    assert seen > 3
