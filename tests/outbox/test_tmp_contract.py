from contextlib import suppress
import pytest, schemathesis, json
from hypothesis import HealthCheck, given, settings as hsettings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from tests.api.test_openapi import RULES
from tests.conftest import only_sqlite
pytestmark = only_sqlite

@pytest.mark.parametrize("mode", list(GenerationMode))
def test_x(app, visitor, mode):
    identity = {"Authorization": visitor.environ_base["HTTP_AUTHORIZATION"]}
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app, config=RULES)
    n = 0
    for operation in (found.ok() for found in schema.get_all_operations()):
        if not operation.path.startswith("/api/v1/notices"): continue
        n += 1
        @given(case=operation.as_strategy(mode))
        @hsettings(max_examples=100, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
        def check(case):
            case.call_and_validate(headers=identity)
        with suppress(Unsatisfiable):
            check()
    assert n == 3
    spec = visitor.get("/openapi.json").json
    print(json.dumps({k: v for k, v in spec["paths"].items() if "notices" in k}, ensure_ascii=False)[:3000])
    print(spec["components"]["schemas"]["ConsentsIn"])
