"""Templates of subscribe messages are read from one variable, or start-up says what is wrong with it."""

import pytest

from miniapp_api.config import Settings, SettingsError
from tests.conftest import SECRET

TEMPLATE = "0AbcDEF_ghi-jklMNOpqrSTUvwxYZ0123456789abcde"
BASE = {
    "SECRET_KEY": SECRET,
    "DAOBAN_DEMO": "1",
    "MINIPROGRAM_APP_ID": "wx0de51a0c0de51a0c",
    "MINIPROGRAM_APP_SECRET": "x",
}


def templates(text):
    return Settings.from_environment(BASE | {"MINIPROGRAM_TEMPLATES": text}).miniprogram.templates


@pytest.mark.parametrize("text", ["", "  ", ";", " ; "])
def test_none(text):
    assert templates(text) == {}


def test_several():
    read = templates(
        f"appointment.reminder={TEMPLATE}:thing1=title,time2=when; hall.closure={TEMPLATE}:phrase10=state;"
    )
    assert {topic: (template.id, dict(template.fields)) for topic, template in read.items()} == {
        "appointment.reminder": (TEMPLATE, {"thing1": "title", "time2": "when"}),
        "hall.closure": (TEMPLATE, {"phrase10": "state"}),
    }


@pytest.mark.parametrize(
    "text",
    [
        "appointment.reminder",
        f"appointment.reminder={TEMPLATE}",
        f"appointment.reminder={TEMPLATE}:",
        f"appointment.reminder={TEMPLATE}:thing1",
        f"appointment.reminder={TEMPLATE}:thing=title",
        f"appointment.reminder={TEMPLATE}:colour1=title",
        f"appointment.reminder={TEMPLATE}:thing1=标题",
        f"appointment.reminder={TEMPLATE}:thing1=title,",
        f"Appointment={TEMPLATE}:thing1=title",
        f"appointment.={TEMPLATE}:thing1=title",
        "appointment.reminder=short:thing1=title",
        f"appointment.reminder=模板{TEMPLATE}:thing1=title",
    ],
)
@pytest.mark.parametrize("before", ["", f"hall.closure={TEMPLATE}:phrase1=state;"])
def test_what_cannot_be_read_is_named(text, before):
    with pytest.raises(SettingsError) as refused:
        templates(before + text)
    assert f"环境变量 MINIPROGRAM_TEMPLATES：第 {1 + bool(before)} 个模板写法不对" in str(refused.value)


def test_two_templates_for_one_topic_are_refused():
    one = f"hall.closure={TEMPLATE}:phrase1=state"
    with pytest.raises(SettingsError, match="第 2 个模板写法不对，或和前面的重复"):
        templates(f"{one};{one}")


@pytest.mark.parametrize("page", ["/pages/open", "pages/open?x=1", "https://x"])
def test_a_page_that_is_none_is_refused(page):
    with pytest.raises(SettingsError, match="MINIPROGRAM_NOTICE_PAGE"):
        Settings.from_environment(BASE | {"MINIPROGRAM_NOTICE_PAGE": page})
