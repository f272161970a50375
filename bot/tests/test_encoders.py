"""The encoders: shapes, memory, meaning."""

import numpy as np
import pytest

from bot.components import encoders


@pytest.fixture(scope="module")
def encoder():
    return encoders.shared_encoder()


def test_there_is_one_encoder_in_a_process(encoder):
    assert encoders.shared_encoder() is encoder


def test_both_halves_have_norm_one(encoder):
    vectors = encoder.encode(["开个饭店", "", "🔥🔥", "a" * 200])
    assert vectors.shape == (4, 896)
    assert np.allclose(np.linalg.norm(vectors[:, :512], axis=1), 1, atol=1e-3)
    assert np.allclose(np.linalg.norm(vectors[:, 512:], axis=1), 1, atol=1e-3)


def test_alone_or_among_others_a_sentence_has_the_same_vector(encoder):
    together = encoder.encode(["注册公司", "注销公司", "注册公司"])
    encoder._known.clear()
    alone = encoder.encode(["注册公司"])
    assert np.allclose(together[0], alone[0], atol=1e-5)
    assert np.array_equal(together[0], together[2])


def test_like_sentences_are_nearer_than_unlike_ones(encoder):
    shop, same, other = encoder.encode(["我想开一家饭馆", "打算开个餐厅", "明天会下雨吗"])
    assert shop @ same > shop @ other + 0.2


def test_memory_is_bounded_and_keeps_what_was_used_last(encoder, monkeypatch):
    monkeypatch.setattr(encoders, "_REMEMBERED", 3)
    encoder._known.clear()
    for text in ("一", "二", "三", "一", "四"):
        encoder.encode([text])
    assert list(encoder._known) == ["三", "一", "四"]
    assert encoder.encode(["一", "二", "三", "四", "五"]).shape == (5, 896)
    assert len(encoder._known) == 3


def test_a_remembered_sentence_is_not_encoded_again(encoder, monkeypatch):
    encoder.encode(["上一步"])

    def fail(_):
        raise AssertionError("encoded again")

    monkeypatch.setattr(encoder._e5, "query", fail)
    encoder.encode(["上一步"])
    with pytest.raises(AssertionError):
        encoder.encode(["这一句没有见过"])
