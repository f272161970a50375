"""What Rasa remembers between two turns: the id of the guide, for a while."""

import json
from typing import Iterable, Optional

from rasa.core.tracker_store import RedisTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

_SLOT = "guide_id"


class SlotTrackerStore(RedisTrackerStore):
    """Keeps one slot per conversation in Redis, and no word of what was said.

    The API holds the conversation; rules look at the latest message only. So nothing else is
    worth keeping, nothing personal is at rest here, and the hundredth turn costs what the
    first did. Connection, key prefix and `record_exp` (seconds to live) are as in
    `RedisTrackerStore`.
    """

    async def save(self, tracker: DialogueStateTracker, timeout: Optional[float] = None) -> None:
        """Stores the slot and starts its time to live anew."""
        lifetime = timeout or self.record_exp
        self.red.set(
            self.key_prefix + tracker.sender_id,
            json.dumps({_SLOT: tracker.get_slot(_SLOT)}),
            ex=int(lifetime) if lifetime else None,
        )

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """Returns a tracker that is listening with the slot filled; None if it was forgotten."""
        stored = self.red.get(self.key_prefix + sender_id)
        if stored is None:
            return None
        tracker = self.init_tracker(sender_id)
        tracker.update_with_events(
            [
                ActionExecuted(ACTION_SESSION_START_NAME),
                SessionStarted(),
                SlotSet(_SLOT, json.loads(stored)[_SLOT]),
                ActionExecuted(ACTION_LISTEN_NAME),
            ],
            self.domain,
        )
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """Returns the same as `retrieve`: there is no earlier session to add."""
        return await self.retrieve(conversation_id)

    async def keys(self) -> Iterable[str]:
        """Lists the keys of the conversations that are remembered."""
        return list(self.red.scan_iter(match=self.key_prefix + "*"))
