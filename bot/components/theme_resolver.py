"""Which of the themes (一件事) does a sentence speak of, if any?"""

from __future__ import annotations

from typing import Any, Dict, List, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.embedding_featurizer import BundledEmbeddingFeaturizer
from bot.components.regression import SoftmaxRegression

NO_MATTER = "~nothing"
"""Class of the sentences that speak of no matter to handle, as most do in the middle of a guide."""
OTHER_MATTER = "~other"
"""Class of the sentences that speak of a matter Daoban has no theme for. Kept apart from the
class before, or its few examples would drown and an internet café be taken for a restaurant."""
_NO_THEME = (NO_MATTER, OTHER_MATTER)
_STARTING = "start_guide"
_FILE = "themes.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class ThemeResolver(GraphComponent):
    """Sets `theme` (an id or None) and `themes` (the likeliest, with confidences) on a message.

    Learns from the metadata of the NLU examples: `metadata: {theme: open-pharmacy}` on a block
    of examples says that all of them speak of that theme; a block without it speaks of none of
    ours, and one without it that starts a guide, of some other matter.
    """

    @classmethod
    def required_components(cls) -> List[Type]:
        """Names what must run before this component."""
        return [BundledEmbeddingFeaturizer]

    @staticmethod
    def required_packages() -> List[str]:
        """Names the packages that must be importable."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Returns the settings and their defaults.

        `threshold`: least confidence with which a theme is named; `ranking_length`: how many
        themes are listed; `strength`: inverse of the regularisation of the regression.
        """
        return {"threshold": 0.5, "ranking_length": 3, "strength": 10.0, "max_iter": 300}

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        regression: SoftmaxRegression | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._regression = regression

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ThemeResolver:
        """Makes an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ThemeResolver:
        """Reads the regression back from the model."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, SoftmaxRegression.load(folder / _FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Fits one multinomial regression over all themes and the two classes beside them."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        regression = SoftmaxRegression.fit(
            np.stack([_vector(example) for example in examples]),
            [_labelled_theme(example) for example in examples],
            strength=self._config["strength"],
            max_iter=self._config["max_iter"],
        )
        with self._model_storage.write_to(self._resource) as folder:
            regression.save(folder / _FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves the training data as it is: no later component reads the theme."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Adds `theme` and `themes` to every message."""
        classes = self._regression.classes
        for message in messages:
            confidences = self._regression.confidences(_vector(message))
            ranking = [
                {"id": str(classes[i]), "confidence": round(float(confidences[i]), 4)}
                for i in np.argsort(-confidences)
                if classes[i] not in _NO_THEME
            ]
            named = ranking[0]["confidence"] >= self._config["threshold"]
            message.set("theme", ranking[0]["id"] if named else None, add_to_output=True)
            message.set("themes", ranking[: self._config["ranking_length"]], add_to_output=True)
        return messages


def _vector(message: Message) -> np.ndarray:
    _, sentence = message.get_dense_features(TEXT)
    return sentence.features[0]


def _labelled_theme(example: Message) -> str:
    metadata = example.get("metadata") or {}
    for level in ("example", "intent"):
        theme = (metadata.get(level) or {}).get("theme")
        if theme:
            return theme
    return OTHER_MATTER if example.get(INTENT) == _STARTING else NO_MATTER
