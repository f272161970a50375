"""The OpenAPI 3.1 description: what APIFlask gathers, plus who may call and how errors look."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask

from miniapp_api.accounts.service import Access, access_of
from miniapp_api.errors import InvalidParam, ProblemOut

_REF = "#/components/schemas/{model}"
_ALWAYS = {
    "405": "这个地址不能这样访问",
    "413": "内容太大",
    "429": "太频繁",
    "500": "系统出错",
    "503": "暂时不可用",
}
_WITH_BODY = {"400": "不是正确的 JSON", "415": "不是 JSON"}
_WITH_INPUT = {"422": "内容不符合要求"}
_CHANGING = {"403": "不允许", "409": "内容已有变化"}
_SECURITY = {
    Access.VISITOR: "visitor",
    Access.LOOKED_UP: "look_up",
    Access.SIGNED: "signature",
    Access.STAFF: "staff",
}


def init_app(app: APIFlask) -> None:
    """Describe the API of an application as it really is."""
    app.config.update(
        DESCRIPTION="导办：情形导引、预约、办件查询。错误一律是 application/problem+json。",
        SECURITY_SCHEMES={
            "visitor": {"type": "http", "scheme": "bearer"},
            "look_up": {"type": "http", "scheme": "bearer"},
            "signature": {"type": "apiKey", "in": "header", "name": "X-Daoban-Signature"},
            "staff": {"type": "apiKey", "in": "cookie", "name": "daoban_staff"},
        },
        AUTO_OPERATION_ID=True,
        AUTO_SERVERS=False,
        AUTO_404_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        SUCCESS_DESCRIPTION="成功",
    )

    @app.spec_processor
    def complete(spec: dict[str, Any]) -> dict[str, Any]:
        views = {name.replace(".", "_"): view for name, view in app.view_functions.items()}
        schemas = spec.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = ProblemOut.model_json_schema(ref_template=_REF)
        schemas["InvalidParam"] = InvalidParam.model_json_schema()
        schemas["Problem"].pop("$defs")
        for path in spec["paths"].values():
            for method, operation in path.items():
                view = views[operation["operationId"].removeprefix(f"{method}_")]
                _complete(operation, schemas, access_of(view), changing=method != "get")
        return spec


def _complete(operation: dict[str, Any], schemas: dict[str, Any], access: Access | None, *, changing: bool) -> None:
    """Add to one operation the identity it needs and the problems it may answer with."""
    if body := operation.get("requestBody"):
        name = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        body["required"] = bool(schemas[name].get("required"))
    in_path = [given for given in operation["parameters"] if given["in"] == "path"]
    given = [parameter for parameter in operation["parameters"] if parameter["in"] in ("query", "header")]
    problems = _ALWAYS | (_WITH_BODY if body else {}) | (_WITH_INPUT if body or given else {})
    problems |= {"404": "没有找到"} if in_path or body else {}
    problems |= _CHANGING if changing else {}
    if scheme := _SECURITY.get(access) if access else None:
        operation["security"] = [{scheme: []}]
        problems |= {"401": "身份无效"} | ({"403": "不允许"} if access is Access.STAFF else {})
    for parameter in in_path:
        parameter["required"] = True
    responses = operation["responses"]
    for status, description in problems.items():
        responses.setdefault(status, {"description": description})
    for status, response in responses.items():
        if status >= "400":
            schema = {"$ref": "#/components/schemas/Problem"}
            response["content"] = {"application/problem+json": {"schema": schema}}
    operation["responses"] = dict(sorted(responses.items()))
