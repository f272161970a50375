"""Between two turns only the guide's id is kept, for as long as was said."""

import asyncio
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.components.tracker_store import SlotTrackerStore

DOMAIN = Path(__file__).parents[1] / "domain.yml"


class Keeper:
    """As much of a Redis client as the store uses."""

    def __init__(self):
        self.kept = {}
        self.lifetimes = {}

    def set(self, key, value, ex=None):
        self.kept[key], self.lifetimes[key] = value, ex

    def get(self, key):
        return self.kept.get(key)

    def scan_iter(self, match):
        return (key for key in self.kept if key.startswith(match.rstrip("*")))


@pytest.fixture
def domain():
    return Domain.load(str(DOMAIN))


@pytest.fixture
def store(domain):
    store = SlotTrackerStore(domain, record_exp=60)
    store.red = Keeper()
    return store


def conversation(domain, **metadata):
    tracker = DialogueStateTracker("v1", domain.slots)
    heard = UserUttered("我姓张，电话13800000000", intent={"name": "greet"}, metadata=metadata)
    tracker.update_with_events([heard, SlotSet("guide_id", "g1")], domain)
    return tracker


def test_the_slot_comes_back_and_nothing_else(store, domain):
    asyncio.run(store.save(conversation(domain, visitor_token="secret")))
    (kept,) = store.red.kept.values()
    assert kept == '{"guide_id": "g1"}'
    tracker = asyncio.run(store.retrieve("v1"))
    assert tracker.get_slot("guide_id") == "g1"
    assert tracker.latest_action_name == "action_listen"
    assert not [event for event in tracker.events if isinstance(event, UserUttered)]


def test_it_is_kept_for_its_time(store, domain):
    asyncio.run(store.save(conversation(domain)))
    assert list(store.red.lifetimes.values()) == [60]


def test_it_does_not_grow(store, domain):
    asyncio.run(store.save(conversation(domain)))
    for _ in range(20):
        tracker = asyncio.run(store.retrieve("v1"))
        events = len(tracker.events)
        tracker.update(UserUttered("继续", intent={"name": "resume_guide"}), domain)
        asyncio.run(store.save(tracker))
    assert len(asyncio.run(store.retrieve("v1")).events) == events


def test_who_was_never_heard_is_unknown(store):
    assert asyncio.run(store.retrieve("nobody")) is None
    assert asyncio.run(store.retrieve_full_tracker("nobody")) is None


def test_conversations_are_apart(store, domain):
    asyncio.run(store.save(conversation(domain)))
    other = DialogueStateTracker("v2", domain.slots)
    asyncio.run(store.save(other))
    assert asyncio.run(store.retrieve("v2")).get_slot("guide_id") is None
    assert len(asyncio.run(store.keys())) == 2
