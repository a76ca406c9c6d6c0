"""Figures of JudgingParityTest: choix, statsmodels and ppi_py on data that both sides make by one formula.
pip install choix==0.4.1 statsmodels==0.15.0 ppi-python; python judging_constants.py"""
import numpy as np, choix, statsmodels.api as sm
from ppi_py import ppi_mean_pointestimate, ppi_mean_ci

players = 4
wins = [[0, 11, 7.5, 14], [9, 0, 8, 12.25], [12.5, 12, 0, 9], [6, 7.75, 11, 0]]
data = []
for i in range(players):
    for j in range(players):
        data += [(i, j)] * int(round(4 * wins[i][j]))  # four quarters of a win each: the maximum is the same
print("choix", repr(choix.opt_pairwise(players, data, alpha=0, method="Newton-CG", tol=1e-14).tolist()))
print("choix ilsr", repr(choix.ilsr_pairwise(players, data, alpha=0, tol=1e-14).tolist()))
rows, y, w = [], [], []
for i in range(players):
    for j in range(i + 1, players):
        x = np.zeros(players); x[i], x[j] = 1, -1
        n = wins[i][j] + wins[j][i]
        rows.append(x[1:]); y.append(wins[i][j] / n); w.append(n)
fit = sm.GLM(y, np.array(rows), family=sm.families.Binomial(), var_weights=w).fit(tol=1e-14)
print("statsmodels theta_i - theta_0", repr(fit.params.tolist()), "se", repr(np.sqrt(np.diag(fit.cov_params())).tolist()))
# AlpacaEval's regression
s = np.array([(7919 * i % 101) / 100 for i in range(40)]); d = np.array([(104729 * i % 397) - 150.0 for i in range(40)])
x = np.tanh(d / d.std(ddof=1))
fit = sm.GLM(s, np.column_stack([np.ones(40), x]), family=sm.families.Binomial()).fit(tol=1e-14)
print("length", repr(fit.params.tolist()), "se", repr(fit.bse.tolist()))
# prediction-powered
f = np.array([(7919 * i % 101) / 100 for i in range(120)])
y = np.clip(f[:30] + np.array([(31 * i % 17 - 8) / 40 for i in range(30)]), 0, 1)
print("ppi", repr(ppi_mean_pointestimate(y, f[:30], f[30:])), repr(ppi_mean_ci(y, f[:30], f[30:], alpha=0.05)))
