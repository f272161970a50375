"""The page in a real Chromium: legible at once, on small phones, in large type, in the dark."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copy
from threading import Thread

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from miniapp_api.app import create_app
from miniapp_api.code_settings import read_keys
from miniapp_api.config import Settings
from miniapp_api.content.service import Content
from miniapp_api.conversation import service as guides
from miniapp_api.extensions import db
from miniapp_api.field_settings import read_field_keys
from miniapp_api.signed_codes import service
from miniapp_api.signed_codes.installation import codes_of
from miniapp_api.signed_codes.service import Kind, PublicView
from tests.browser.conftest import Quiet
from tests.browser.test_access import LOW_CONTRAST, SCREENS, TOO_SMALL, sideways
from tests.conftest import CODE_KEYS, FIELD_KEYS, SECRET

pytestmark = pytest.mark.browser

TITLE = "政务服务大厅的预约"
VIEWS = {
    "good": PublicView(TITLE, "已经约好，还没到时间", ("请在到的时候打开手机里的预约，让工作人员扫码。",)),
    "warning": PublicView(TITLE, "快到时间了", ("请尽快签到。",), "warning"),
    "void": PublicView(TITLE, "已经取消", (), "void"),
    "archived": None,
    "revoked": None,
}
WORDS = {
    "good": "是真的",
    "warning": "是真的",
    "void": "真的，但不能用了",
    "archived": "是真的",
    "revoked": "已经作废",
    "forged": "不是真的",
}


@pytest.fixture(scope="module")
def served(sqlite_template, tmp_path_factory):
    """Serve one code of each sort; gives the address, and the paths by the sort.

    From another thread, as Flask will not pop an application context beside Playwright's loop.
    """
    url = f"sqlite:///{copy(sqlite_template, tmp_path_factory.mktemp('codes') / 'daoban.sqlite3')}"
    settings = Settings(
        secret_key=SECRET,
        database_url=url,
        code_keys=read_keys(CODE_KEYS),
        field_keys=read_field_keys(FIELD_KEYS),
    )
    with ThreadPoolExecutor(1) as elsewhere:
        app, paths = elsewhere.submit(prepare, settings).result()
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", paths
        server.shutdown()
        thread.join()
        elsewhere.submit(dispose, app).result()


def prepare(settings):
    app = create_app(settings, content=Content(Path(__file__).parents[2] / "catalogue"), guides=guides)
    shown = {}
    codes_of(app).shows[Kind.APPOINTMENT] = lambda _session, code_id, _visitor: shown[code_id]
    paths = {"forged": f"/r/{'1' * 179}"}
    with app.app_context():
        for sort, view in VIEWS.items():
            code = service.issue(db.session, Kind.APPOINTMENT)
            shown[code.id] = view
            paths[sort] = service.link_of(code).removeprefix(settings.public_url)
            if sort == "revoked":
                service.revoke(db.session, code.id, "重复")
        db.session.commit()
    return app, paths


def dispose(app):
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def site(served):
    return served[0]


@pytest.fixture(params=list(WORDS))
def sort(request, phone):
    if request.param == "forged":
        phone.forgive("404")
    return request.param


def test_the_answer_is_the_first_thing_seen(phone, served, sort):
    page = phone.open(served[1][sort])
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(WORDS[sort])
    box = heading.bounding_box()
    assert box["y"] + box["height"] < 844 / 3
    assert box["height"] < 60  # one line
    expect(page).to_have_title(f"{WORDS[sort]}：查凭证真假")
    if VIEWS.get(sort):
        stage = page.get_by_text(VIEWS[sort].stage).bounding_box()
        assert stage["y"] + stage["height"] < 844


@pytest.mark.parametrize("sort", ["good", "forged"], indirect=True)
@pytest.mark.parametrize(("width", "height", "large"), SCREENS)
def test_nothing_sticks_out_sideways(phone, served, sort, width, height, large):
    page = phone.open(served[1][sort], width=width, height=height, large=large)
    assert set(sideways(page)) == {0}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_aa(phone, served, sort, scheme):
    page = phone.open(served[1][sort], color_scheme=scheme, reduced_motion="reduce")
    assert page.evaluate(LOW_CONTRAST) == []


def test_type_can_be_made_large_and_all_is_easily_tapped(phone, served):
    page = phone.open(served[1]["good"])
    before = page.get_by_role("heading", level=1).bounding_box()["height"]
    page.get_by_role("button", name="大字").click()
    assert page.get_by_role("heading", level=1).bounding_box()["height"] > before * 1.3
    assert page.evaluate(TOO_SMALL, 48) == []


def test_the_page_is_whole_without_javascript(phone, served):
    page = phone.open(served[1]["good"], java_script_enabled=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("是真的")
    expect(page.get_by_text(VIEWS["good"].stage)).to_be_visible()
