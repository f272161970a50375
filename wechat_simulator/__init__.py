"""Tencent's side of WeChat on this machine: pushes to a callback, and the API it calls back.

For tests, measurements, and to try the system without an account. It imports nothing of ours and
has its own cryptography, so that each side checks the other.
"""

from wechat_simulator.account import Account
from wechat_simulator.citizen import Citizen
from wechat_simulator.crypto import SealError
from wechat_simulator.push_faults import PushFaults
from wechat_simulator.records import APOLOGY, Delivery, Outcome
from wechat_simulator.simulator import Simulator
from wechat_simulator.xml import XMLError

__all__ = [
    "APOLOGY",
    "Account",
    "Citizen",
    "Delivery",
    "Outcome",
    "PushFaults",
    "SealError",
    "Simulator",
    "XMLError",
]
