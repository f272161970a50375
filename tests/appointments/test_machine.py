"""The state machine of appointments, a little of it; `APPOINTMENT_EXAMPLES` and `APPOINTMENT_STEPS` make it more."""

import pytest

from tests.appointments import machine, world


@pytest.fixture
def settings(settings, tmp_path):
    return settings.model_copy(update={"catalogue_dir": world.folder(tmp_path / "small", machine.SCHEDULES)})


def test_whatever_is_done_in_whatever_order_the_database_says_what_the_model_says(app):
    of = machine.machine(app)
    assert machine.play(of, machine.EXAMPLES, machine.STEPS) > machine.EXAMPLES
