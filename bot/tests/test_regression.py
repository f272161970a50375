"""The regression says what scikit-learn's own says, without scikit-learn."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from bot.components.regression import SoftmaxRegression


@pytest.fixture
def examples():
    dice = np.random.default_rng(5)
    counts = csr_matrix(dice.integers(0, 2, (90, 40)))
    dense = dice.normal(size=(90, 12)).astype(np.float32)
    return counts, dense, [str(label) for label in dice.integers(0, 4, 90)]


@pytest.mark.parametrize("with_counts", [True, False])
def test_confidences_are_those_of_scikit_learn(examples, tmp_path, with_counts):
    counts, dense, labels = examples
    counts = counts if with_counts else None
    features = hstack([counts, csr_matrix(dense)]) if with_counts else dense
    theirs = LogisticRegression(max_iter=300, class_weight="balanced").fit(features, labels)
    SoftmaxRegression.fit(dense, labels, counts=counts).save(tmp_path / "stored.npz")
    ours = SoftmaxRegression.load(tmp_path / "stored.npz")
    found = np.stack([ours.confidences(dense[i], None if counts is None else counts[i]) for i in range(90)])
    assert list(ours.classes) == list(theirs.classes_)
    assert np.allclose(found, theirs.predict_proba(features), atol=1e-4)
    assert np.allclose(found.sum(axis=1), 1)


def test_an_example_without_any_count_is_judged_too(examples):
    counts, dense, labels = examples
    ours = SoftmaxRegression.fit(dense, labels, counts=counts)
    assert ours.confidences(dense[0], csr_matrix((1, 40))).sum() == pytest.approx(1)


def test_a_rare_class_weighs_as_much_as_a_common_one():
    dense = np.eye(3, dtype=np.float32)[[0] * 60 + [1] * 60 + [2]]
    ours = SoftmaxRegression.fit(dense, ["common"] * 60 + ["usual"] * 60 + ["rare"])
    assert ours.classes[ours.confidences(np.array([0, 0, 1.0])).argmax()] == "rare"


def test_two_classes_are_too_few():
    with pytest.raises(ValueError, match="three classes"):
        SoftmaxRegression.fit(np.eye(2, dtype=np.float32), ["a", "b"])
