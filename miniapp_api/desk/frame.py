"""What all pages of staff share: how one is rendered, left, guarded, and how its errors look.

A page is a template that extends `desk/frame.html`, rendered by `page`. A part that htmx puts into a
page is rendered by Flask as usual. Both raise a Problem where something is refused: whoever asked for
a part finds its sentence in the page's area for messages, everybody else a page.
"""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, redirect, render_template, request, url_for

from miniapp_api.desk import assets, wording
from miniapp_api.desk.at_work import service_name
from miniapp_api.staff import service as staff
from miniapp_api.web import service as web

URL_PREFIX = "/desk"

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)

bp = APIBlueprint("desk", __name__, url_prefix=URL_PREFIX, enable_openapi=False, template_folder="templates")
bp.add_app_template_filter(wording.clock, "clock")
bp.add_app_template_filter(wording.day_text, "day_text")
bp.add_app_template_filter(wording.day_of, "clock_day")
bp.add_app_template_filter(service_name, "service_name")


def page(template: str, **values: object) -> str:
    """Render a page of ours.

    Args:
        template: name of a file in `templates/desk`, without `.html`.
        values: what else it shows.
    """
    return render(f"desk/{template}.html", **values)


def render(template: str, **values: object) -> str:
    """Render a page in the frame.

    Args:
        template: its file.
        values: what else it shows.
    """
    member = staff.signed_in()
    return web.page(
        template,
        desk=url_for("desk.asset", digest=assets.DIGEST, name=""),
        staff=member,
        staff_title=staff.title(member) if member else None,
        csrf_token=staff.csrf_token() if member else None,
        token_header=staff.TOKEN_HEADER,
        token_field=staff.TOKEN_FIELD,
        background=f'{{"{staff.BACKGROUND}": "1"}}',
        **values,
    )


def wants_part() -> bool:
    """Tell whether htmx asks, for a part of a page."""
    return "HX-Request" in request.headers


def go_to(address: str) -> Response:
    """Lead the browser to another page, after a form as after a request of htmx."""
    if wants_part():
        return Response(status=204, headers={"HX-Redirect": address})
    return Response(status=303, headers=redirect(address).headers)


@bp.after_app_request
def _show(response: Response) -> Response:
    """Turn a problem below `/desk` into what its reader can see, and guard what is sent."""
    if not f"{request.path}/".startswith(f"{URL_PREFIX}/"):
        return response
    if response.mimetype == "application/problem+json":
        problem = response.get_json()
        shown = render_template("desk/problem.html", **problem) if wants_part() else page("problem_page", **problem)
        response.content_type = "text/html; charset=utf-8"
        response.set_data(shown)
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["Referrer-Policy"] = "same-origin"  # with no-referrer, forms would say they come from nowhere
    response.headers["X-Robots-Tag"] = "noindex"
    return response
