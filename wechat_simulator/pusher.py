"""Pushing: one attempt after the other, each within our patience, until there is an answer."""

from __future__ import annotations

import asyncio
import itertools
import ssl
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any, Literal

import httpx

from wechat_simulator.envelope import seal
from wechat_simulator.push_faults import PushFaults
from wechat_simulator.pushes import Push
from wechat_simulator.records import APOLOGY, Delivery, Outcome
from wechat_simulator.reply import Verdict, judge

if TYPE_CHECKING:
    from wechat_simulator.citizen import Citizen
    from wechat_simulator.world import World

HEADERS = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0", "Pragma": "no-cache"}
"""From memory."""

Kind = Literal["passive", "acknowledged", "broken"]


@dataclass
class _Job:
    citizen: Citizen
    document: str
    msg_id: str | None
    faults: PushFaults
    random: Random
    started: float = field(default_factory=time.monotonic)


@cache
def _certificates() -> ssl.SSLContext:
    """The certificates that we trust; reading them takes long, so once for all simulators."""
    return httpx.create_ssl_context()


class Pusher:
    """Sends pushes from a thread of its own, any number at a time."""

    def __init__(self, world: World, callback_url: str, faults: PushFaults, seed: int) -> None:
        self._world = world
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="pusher", daemon=True)
        self._client = httpx.AsyncClient(
            timeout=None,  # noqa: S113 - the patience ends each attempt
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
            trust_env=False,
            verify=_certificates(),
        )
        # Unlike those of a counter from 1, these numbers do not come again in the next run.
        self._msg_ids = itertools.count(time.time_ns() // 1000 * 10)
        self._seed = seed
        self.callback_url = callback_url
        self.faults = faults

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Give up all pushes that are on their way."""
        if self._thread.is_alive():
            self._wait_for(self._abandon())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        self._loop.close()

    def push(self, citizen: Citizen, push: Push, **faults: Any) -> Future[Outcome]:
        """Send a push; the faults named replace the simulator's for this one.

        Raises:
            RuntimeError: The simulator does not run.
        """
        if not self._thread.is_alive():
            raise RuntimeError("the simulator was not started")
        msg_id = str(next(self._msg_ids)) if push.numbered else None
        created = int(self._world.clock())
        document = push.document(self._world.account.original_id, citizen.openid, created, msg_id)
        random = Random(f"{self._seed}:{citizen.name}:{citizen.pushed}")  # noqa: S311 - repeatable on purpose
        job = _Job(citizen, document, msg_id, replace(self.faults, **faults), random)
        return asyncio.run_coroutine_threadsafe(self._run(job), self._loop)

    def get(self, query: dict[str, str]) -> httpx.Response:
        """Call the callback by GET, as when it is registered."""
        return self._wait_for(self._client.get(self._address(query), timeout=self._world.account.patience))

    async def _run(self, job: _Job) -> Outcome:
        account = self._world.account
        first_seconds, reason, verdicts = 0.0, "", []
        for attempt in range(account.attempts):
            await asyncio.sleep(max(0.0, job.started + attempt * account.spacing - time.monotonic()))
            began = time.monotonic()
            verdicts = await self._attempt(job, attempt)
            if attempt == 0:
                first_seconds = time.monotonic() - began
            reason = next((verdict.reason for verdict in verdicts if verdict.reason), reason)
            if any(verdict.kind != "lost" for verdict in verdicts):
                break
        kind, text = _sum_up(verdicts)
        seconds = time.monotonic() - job.started
        outcome = Outcome(kind, text, attempt + 1, seconds, first_seconds, job.msg_id, reason, job.citizen.openid)
        job.citizen.end(outcome)
        return outcome

    async def _attempt(self, job: _Job, attempt: int) -> list[Verdict]:
        """Send the push once, or all its copies; of several replies the citizen sees the first."""
        patience, lost = job.faults.plan(attempt, self._world.account.patience, job.random)
        verdicts: list[Verdict] = []
        for arriving in asyncio.as_completed([self._send(job, patience, lost) for _ in range(job.faults.copies)]):
            verdict = await arriving
            if verdict.kind == "passive":
                self._deliver(job, verdict, duplicate=any(earlier.kind == "passive" for earlier in verdicts))
            verdicts.append(verdict)
        return verdicts

    def _deliver(self, job: _Job, verdict: Verdict, duplicate: bool) -> None:
        citizen, reply = job.citizen, verdict.reply
        at = time.monotonic()
        citizen.receive(
            Delivery(verdict.text, "passive", reply["MsgType"], at, job.msg_id, reply, citizen.openid, duplicate)
        )

    async def _send(self, job: _Job, patience: float, lost: bool) -> Verdict:
        account, openid = self._world.account, job.citizen.openid
        query, body = seal(account, job.document, openid, timestamp=int(self._world.clock()))
        try:
            async with asyncio.timeout(patience):
                response = await self._client.post(self._address(query), content=body, headers=HEADERS)
        except TimeoutError:
            return Verdict("lost", reason=f"{patience:.1f} 秒内没有收到完整的回复")
        except httpx.HTTPError as error:
            return Verdict("lost", reason=f"连接失败：{type(error).__name__}")
        if lost:
            return Verdict("lost", reason="回复在路上丢失了（注入的故障）")
        verdict = judge(account, openid, response.status_code, response.content)
        if verdict.kind == "passive" and not job.citizen.subscribed:
            return Verdict("broken", reason="回复发给了已经取消关注的人")
        return verdict

    def _address(self, query: dict[str, str]) -> httpx.URL:
        return httpx.URL(self.callback_url).copy_merge_params(query)

    def _wait_for(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _abandon(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.aclose()


def _sum_up(verdicts: list[Verdict]) -> tuple[Kind, str]:
    """How the push ended, and what the citizen saw of it."""
    reply = next((verdict for verdict in verdicts if verdict.kind == "passive"), None)
    if reply:
        return "passive", reply.text
    if any(verdict.kind == "acknowledged" for verdict in verdicts):
        return "acknowledged", ""
    return "broken", APOLOGY
