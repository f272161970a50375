"""Logistic regression that is trained by scikit-learn and needs only NumPy afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import List

import numpy as np
from scipy.sparse import csr_matrix, hstack


class SoftmaxRegression:
    """A multinomial logistic regression over a few counts and, beside them, a dense vector.

    Rasa's own classifier stores scikit-learn's object through skops, whose import alone costs a
    fifth of Rasa's start; its file is also code to be trusted, while this one is three arrays.
    """

    def __init__(self, classes: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> None:
        self.classes = classes  # (classes,) names
        self._weights = weights  # (counts + dimensions, classes)
        self._bias = bias  # (classes,)

    @classmethod
    def fit(
        cls,
        dense: np.ndarray,
        labels: List[str],
        *,
        counts: csr_matrix | None = None,
        strength: float = 1.0,
        max_iter: int = 300,
    ) -> SoftmaxRegression:
        """Learns from examples; every class weighs the same, however many examples it has.

        Args:
            dense: shape (examples, dimensions).
            labels: the class of each example, of three or more.
            counts: shape (examples, n), sparse, or None for none.
            strength: inverse of the regularisation.
            max_iter: bound on the steps of the solver.

        Raises:
            ValueError: for two classes or one; scikit-learn keeps those in another form.
        """
        if len(set(labels)) < 3:
            raise ValueError("a regression needs examples of three classes or more")
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  (training only: slow)

        regression = LogisticRegression(C=strength, max_iter=max_iter, class_weight="balanced", random_state=0)
        features = dense if counts is None else hstack([counts, csr_matrix(dense)], format="csr")
        regression.fit(features, np.array(labels))
        weights = np.ascontiguousarray(regression.coef_.T.astype(np.float32))
        return cls(regression.classes_, weights, regression.intercept_.astype(np.float32))

    @classmethod
    def load(cls, path: Path) -> SoftmaxRegression:
        """Reads what `save` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            return cls(stored["classes"], stored["weights"], stored["bias"])

    def save(self, path: Path) -> None:
        """Writes three arrays."""
        np.savez(path, classes=self.classes, weights=self._weights, bias=self._bias)

    def confidences(self, dense: np.ndarray, counts: csr_matrix | None = None) -> np.ndarray:
        """Judges one example.

        Args:
            dense: shape (dimensions,).
            counts: shape (1, n), as in training; None there is None here.

        Returns:
            Shape (classes,), positive, summing to one.
        """
        scores = dense @ self._weights[-dense.size :] + self._bias
        if counts is not None:
            scores += counts.data @ self._weights[counts.indices]
        scores = np.exp(scores - scores.max())
        return scores / scores.sum()
