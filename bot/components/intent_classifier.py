"""Which intent is it? Logistic regression over character n-grams and sentence vectors."""

from __future__ import annotations

from typing import Any, Dict, List, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack

from bot.components.regression import SoftmaxRegression

_FILE = "intents.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LeanIntentClassifier(IntentClassifier, GraphComponent):
    """Does what Rasa's LogisticRegressionClassifier does, with less to load and less per message."""

    @classmethod
    def required_components(cls) -> List[Type]:
        """Names what must run before this component."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> List[str]:
        """Names the packages that must be importable."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Returns the settings and their defaults; `ranking_length` is how many intents are listed."""
        return {"max_iter": 300, "strength": 1.0, "ranking_length": 3}

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
    ) -> LeanIntentClassifier:
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
    ) -> LeanIntentClassifier:
        """Reads the regression back from the model."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, SoftmaxRegression.load(folder / _FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the regression to all examples of intents, and stores it."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        regression = SoftmaxRegression.fit(
            np.stack([_dense(example) for example in examples]),
            [example.get(INTENT) for example in examples],
            counts=vstack([_counts(example) for example in examples]),
            strength=self._config["strength"],
            max_iter=self._config["max_iter"],
        )
        with self._model_storage.write_to(self._resource) as folder:
            regression.save(folder / _FILE)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Sets `intent` and `intent_ranking` on every message."""
        for message in messages:
            confidences = self._regression.confidences(_dense(message), _counts(message))
            ranking = [
                {"name": str(self._regression.classes[i]), "confidence": float(confidences[i])}
                for i in np.argsort(-confidences)[: self._config["ranking_length"]]
            ]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages


def _dense(message: Message) -> np.ndarray:
    return message.get_dense_features(TEXT)[1].features[0]


def _counts(message: Message) -> csr_matrix:
    return csr_matrix(message.get_sparse_features(TEXT)[1].features)
