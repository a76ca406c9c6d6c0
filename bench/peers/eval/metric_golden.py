"""Prints the expected values of AggregationTest, as lm_eval computes them."""
import os

os.environ["DISABLE_MULTIPROC"] = "1"
import numpy as np
from lm_eval.api import metrics as m

numbers = [-0.5, -2.25, -1.0, -3.5, -0.125]
classes = [(1, 1), (1, 0), (0, 0), (0, 1), (1, 1), (0, 0), (1, 1)]
many = [(0, 0), (1, 2), (2, 2), (3, 1), (1, 1)]
weighted = [(-10.0 * i, 3 + i) for i in (1, 2, 3)]
brier = [(0, [0.7, 0.2, 0.1]), (2, [0.3, 0.3, 0.4])]
import contextlib, io, warnings

warnings.simplefilter("ignore")
with contextlib.redirect_stdout(io.StringIO()):
    values = [m.mean(numbers), m.mean_stderr(numbers), m.perplexity(numbers),
              m.bootstrap_stderr(m.perplexity, numbers, 2000), m.f1_score(classes),
              m.bootstrap_stderr(m.f1_score, classes, 2000), m.matthews_corrcoef(classes),
              m.bootstrap_stderr(m.matthews_corrcoef, classes, 2000), m.bootstrap_stderr(m.median, numbers, 2000),
              m.matthews_corrcoef(many), m.weighted_perplexity(weighted), m.bits_per_byte(weighted),
              m.brier_score(brier)]
print(", ".join(repr(float(v)) for v in values))
