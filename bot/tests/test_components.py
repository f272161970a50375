"""The trainable components on a handful of examples: what they learn, store and find again."""

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.embedding_featurizer import BundledEmbeddingFeaturizer
from bot.components.theme_resolver import ThemeResolver

EXAMPLES = [
    *(("start_guide", "open-pharmacy", text) for text in ("开药店", "想开一家药房", "零售药品要什么证", "办药店手续")),
    *(("start_guide", "open-restaurant", text) for text in ("开饭店", "想开个餐馆", "开火锅店要什么证", "办餐饮手续")),
    *(("start_guide", None, text) for text in ("开网吧", "办护照", "开加油站", "养猪场手续")),
    *(("greet", None, text) for text in ("你好", "早上好", "在吗", "您好呀")),
    *(("back", None, text) for text in ("上一步", "返回", "退回去", "回到上一题")),
]


def example(intent, theme, text):
    return Message.build(text, intent, intent_metadata={"theme": theme} if theme else None)


@pytest.fixture
def made(tmp_path):
    """Makes, trains and finds again a component, as Rasa's graph does."""
    storage = LocalModelStorage.create(tmp_path)
    context = ExecutionContext(GraphSchema({}), node_name="node")

    def make(component, training_data, **settings):
        resource = Resource(component.__name__)
        config = {**component.get_default_config(), **settings}
        component.create(config, storage, resource, context).train(training_data)
        return component.load(config, storage, resource, context)

    return make


@pytest.fixture
def data():
    return TrainingData([example(*row) for row in EXAMPLES])


@pytest.fixture
def featurizer(made, data):
    featurizer = made(BundledEmbeddingFeaturizer, data)
    featurizer.process_training_data(data)
    return featurizer


@pytest.fixture
def resolve(made, data, featurizer):
    resolver = made(ThemeResolver, data, threshold=0.5)

    def resolve(text):
        (message,) = resolver.process(featurizer.process([Message({TEXT: text})]))
        return message.as_dict(only_output_properties=True)

    return resolve


def test_features_are_centred_and_as_long_as_the_others_expect(featurizer, data):
    vectors = np.stack([m.get_dense_features(TEXT)[1].features[0] for m in data.training_examples])
    assert vectors.shape == (len(EXAMPLES), 896)
    assert np.allclose(vectors.mean(axis=0), 0, atol=1e-3)
    assert np.linalg.norm(vectors, axis=1).mean() == pytest.approx(4, abs=1e-3)


def test_script_and_width_make_no_difference(featurizer):
    first, second = featurizer.process([Message({TEXT: "開ＫＴＶ"}), Message({TEXT: "开ktv"})])
    assert np.array_equal(first.get_dense_features(TEXT)[1].features, second.get_dense_features(TEXT)[1].features)


def test_the_intents_of_rules_are_no_sentences(featurizer, data, made):
    rules = [Message({INTENT: intent}) for intent in ("greet", "back", "start_guide")] * 20
    among_rules = TrainingData([*data.training_examples, *rules])
    again = made(BundledEmbeddingFeaturizer, among_rules)
    assert np.allclose(again._centre, featurizer._centre)
    again.process_training_data(among_rules)
    assert rules[0].get_dense_features(TEXT) == (None, None)
    made(ThemeResolver, among_rules)


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("我想开个药铺", "open-pharmacy"),
        ("想开个小饭馆", "open-restaurant"),
        ("我想开個餐館", "open-restaurant"),
    ],
)
def test_a_theme_is_named(resolve, text, theme):
    found = resolve(text)
    assert found["theme"] == theme
    assert found["themes"][0]["id"] == theme


@pytest.mark.parametrize("text", ["晚上好", "上一步", "想开个网吧", "办个护照", "🔥", ""])
def test_where_there_is_none_there_is_none_but_the_likeliest_are_listed(resolve, text):
    found = resolve(text)
    assert "theme" not in found
    assert {theme["id"] for theme in found["themes"]} == {"open-pharmacy", "open-restaurant"}
    assert found["themes"][0]["confidence"] >= found["themes"][1]["confidence"]


def test_confidences_are_those_of_all_classes_together(resolve):
    assert sum(theme["confidence"] for theme in resolve("你好")["themes"]) < 0.5


def test_what_cannot_be_sure_is_not_named(made, data, featurizer):
    resolver = made(ThemeResolver, data, threshold=1.01)
    (message,) = resolver.process(featurizer.process([Message({TEXT: "开药店"})]))
    assert message.get("theme") is None
    assert message.get("themes")[0]["id"] == "open-pharmacy"
