"""Appointments in the chat: booking, changing, cancelling, in free Chinese and by tapping."""

from miniapp_api.appointments.talking.state import Surroundings
from miniapp_api.appointments.talking.turns import take_turn

__all__ = ["Surroundings", "take_turn"]
