"""Runs the simulator until it is told to stop: `python -m wechat_simulator`.

Environment: SIMULATOR_PORT, SIMULATOR_CALLBACK, and the WECHAT_… and MINIPROGRAM_… variables that
the system under test reads too.
"""

from __future__ import annotations

import os
import signal
import threading

from wechat_simulator.account import account_from
from wechat_simulator.simulator import Simulator
from wechat_simulator.templates import templates_from


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    callback = os.environ.get("SIMULATOR_CALLBACK", "http://127.0.0.1:8000/wechat")
    port = int(os.environ.get("SIMULATOR_PORT", "8100"))
    with Simulator(account_from(os.environ), callback, port) as simulator:
        for template_id, fields in templates_from(os.environ).items():
            simulator.add_template(template_id, *fields)
        print(f"微信模拟器已就绪：{simulator.url}（推送到 {callback}）", flush=True)
        stopping.wait()


if __name__ == "__main__":
    main()
