"""Constants of StatisticsParityTest, by scipy and statsmodels.

python stats_constants.py   (scipy 1.17.1, statsmodels 0.15.0, numpy 2.4.6 gave those in the test)

The data are sequences that any language writes alike: score(i) = (7919 i mod 101) / 100, right(i, m) = 7919 i mod m < m / 3.
"""
import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import stats
from scipy.special import betaln, comb
from scipy.optimize import brentq
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import normal_sample_size_one_tail
from statsmodels.stats.proportion import proportion_confint

print("# scipy", scipy.__version__, "statsmodels", statsmodels.__version__, "numpy", np.__version__)


def show(name, *values):
    print(name, ", ".join(repr(float(v)) for v in values))


def score(i):
    return (7919 * i % 101) / 100


x = np.array([score(i) for i in range(40)])
y = np.array([score(3 * i + 1) for i in range(40)])
groups = np.array([i // 4 for i in range(40)])

for k, n in [(0, 20), (7, 50), (81, 263), (999, 1000)]:
    show(f"wilson {k}/{n}", *proportion_confint(k, n, 0.05, "wilson"))

show("sem", stats.sem(x))
show("t interval", *stats.t.interval(0.95, 39, loc=x.mean(), scale=stats.sem(x)))
# with statsmodels' own small-sample factor G / (G - 1) (n - 1) / (n - 1)
robust = sm.OLS(x, np.ones(40)).fit(cov_type="cluster", cov_kwds={"groups": groups})
show("clustered", robust.bse[0])
show("clustered interval", *stats.t.interval(0.95, 9, loc=x.mean(), scale=robust.bse[0]))

test = stats.ttest_rel(x, y)
show("paired t", (x - y).mean(), stats.sem(x - y), test.pvalue, *test.confidence_interval(0.95))
show("correlation", stats.pearsonr(x, y).statistic)
for b, c in [(0, 0), (1, 6), (12, 30), (900, 1000)]:
    show(f"mcnemar {b} {c}", mcnemar([[5, b], [c, 5]], exact=True).pvalue)

p = [0.001, 0.04, 0.03, 0.2, 0.5, 0.03, 0.9]
show("holm", *multipletests(p, method="holm")[1])
show("bh", *multipletests(p, method="fdr_bh")[1])

show("n for 2 points", normal_sample_size_one_tail(0.02, 0.8, 0.025, std_null=0.35))
show("n for 5 points", normal_sample_size_one_tail(0.05, 0.9, 0.005, std_null=0.5))

for n, c, k in [(10, 3, 1), (10, 3, 4), (64, 5, 16), (200, 1, 100), (8, 8, 8), (8, 0, 3)]:
    none = stats.hypergeom(n, c, k).pmf(0)
    show(f"pass {n} {c} {k}", 1 - none, stats.hypergeom(n, c, k).pmf(k))
for n, c, k, tau in [(16, 9, 8, 0.5), (16, 9, 8, 0.75), (64, 40, 16, 0.25), (16, 9, 8, 1.0), (16, 9, 7, 0.5)]:
    show(f"gpass {n} {c} {k} {tau}", stats.hypergeom(n, c, k).sf(max(1, int(np.ceil(tau * k))) - 1))
for n, c, k in [(16, 9, 8), (16, 9, 7), (64, 40, 16)]:
    show(f"mgpass {n} {c} {k}",
         2 / k * sum(stats.hypergeom(n, c, k).sf(i - 1) for i in range((k + 1) // 2 + 1, k + 1)))

confidence = np.array([score(i) for i in range(60)])
right = np.array([7919 * i % 7 < 3 for i in range(60)])
bins = np.clip(np.ceil(confidence * 10).astype(int) - 1, 0, 9)
show("ece", sum(abs(right[bins == b].mean() - confidence[bins == b].mean()) * (bins == b).mean()
                for b in range(10) if (bins == b).any()))
show("brier", ((confidence - right) ** 2).mean())

rows = [(q, float(7919 * (5 * q + s) % 11 < 4 + q % 3)) for q in range(12) for s in range(4 if q % 3 else 6)]
import pandas as pd
frame = pd.DataFrame(rows, columns=["q", "s"])
table = anova_lm(ols("s ~ C(q)", frame).fit())
between, within = table["sum_sq"].iloc[0] / table["df"].iloc[0], table["sum_sq"].iloc[1] / table["df"].iloc[1]
sizes = frame.groupby("q").size().to_numpy()
k0 = (sizes.sum() - (sizes ** 2).sum() / sizes.sum()) / (len(sizes) - 1)
show("variance", max(0, (between - within) / k0), within)

show("quantile", *np.quantile(np.sort(x), [0.025, 0.5, 0.975]))


def edge(s, n, a, b, alpha=0.05):
    f = lambda q: betaln(.5 + s, .5 + n - s) - betaln(.5, .5) - s * np.log(q) - (n - s) * np.log1p(-q) - np.log(1 / alpha)
    return brentq(f, a, b, xtol=1e-15)


for s, n in [(3, 10), (40, 100), (512.25, 1000)]:
    show(f"sequence {s} {n}", edge(s, n, 1e-12, s / n), edge(s, n, s / n, 1 - 1e-12))
