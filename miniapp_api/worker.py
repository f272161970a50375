"""What Celery loads, `celery -A miniapp_api.worker worker`: the queue and the tasks of every domain."""

from __future__ import annotations

from celery.signals import worker_ready

from miniapp_api.appointments import tasks as appointments_tasks
from miniapp_api.cases import tasks as cases_tasks
from miniapp_api.exchange import tasks as exchange_tasks
from miniapp_api.hall import tasks as hall_tasks
from miniapp_api.outbox import tasks as outbox_tasks
from miniapp_api.wechat import tasks as wechat_tasks
from miniapp_api.wsgi import app as flask_app

app = flask_app.extensions["celery"]
app.conf.broker_transport_options = {"visibility_timeout": 60}  # it waits for work, and queues in no haste
TASKS = (appointments_tasks, cases_tasks, exchange_tasks, hall_tasks, outbox_tasks, wechat_tasks)


@worker_ready.connect
def _make_slots(**_signal: object) -> None:
    """Make slots at once: the clock would only do so in an hour."""
    app.send_task("appointments.generate", ignore_result=True)
