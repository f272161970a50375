"""Addresses of privacy: the page for citizens, and erasing what one has left."""

from __future__ import annotations

from apiflask import APIBlueprint

from miniapp_api.accounts.service import current_visitor, public, requires_visitor
from miniapp_api.extensions import db
from miniapp_api.holdings import period_of, registered
from miniapp_api.privacy import service
from miniapp_api.web.service import harden, page

bp = APIBlueprint("privacy", __name__, tag="个人信息", template_folder="templates")

pages = APIBlueprint("pages", __name__, enable_openapi=False)
pages.after_request(harden)


@bp.delete("/api/v1/visitors/me")
@requires_visitor
@bp.output({}, status_code=204)
@bp.doc(
    summary="删掉我的全部记录",
    description="聊天、清单、办事人、通知和微信身份都删掉，约过的号去掉是谁约的；这个身份随即失效，删了找不回来。"
    "还有没结束的预约，要先取消。",
)
def erase() -> str:
    """Erase all that the visitor has left."""
    service.erase(db.session, current_visitor())
    return ""


@pages.get("/privacy")
@public
def told() -> str:
    """Tell what is collected, why, how long it is kept and how it is erased."""
    return page("privacy.html", holdings=[(holding, period_of(holding.id)) for holding in registered()])


bp.register_blueprint(pages)
