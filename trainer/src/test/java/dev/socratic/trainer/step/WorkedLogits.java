package dev.socratic.trainer.step;

import static dev.socratic.trainer.step.Hand.*;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Presets over logits alone, each as its paper writes it.
///
/// @param t        the teacher's logits at the counting positions, `[tokens][vocab]`
/// @param s        the student's
/// @param second   a smaller teacher's, for presets with several
/// @param start    the student's before its first step
/// @param labels   what follows
/// @param progress share of the budget used
record WorkedLogits(double[][] t, double[][] s, double[][] second, double[][] start, int[] labels, double progress) {
    /// A loss by hand.
    interface Formula {
        double of(WorkedLogits seen);
    }

    /// A loss of one token.
    private interface Token {
        double of(double[] t, double[] s, int label);
    }

    private double tokens(Token one) {
        return mean(labels.length, i -> one.of(t[i], s[i], labels[i]));
    }

    /// The mean over three answers, of four, four and five tokens, of the mean over their tokens.
    private double answers(Token one) {
        return mean(labels.length, i -> labels.length / (3.0 * (i < 8 ? 4 : 5)) * one.of(t[i], s[i], labels[i]));
    }

    private double ce() {
        return tokens((t, s, label) -> crossEntropy(s, label));
    }

    private double kl(double tau) {
        return tokens((t, s, label) -> soft(t, s, tau));
    }

    private double reverse() {
        return tokens((t, s, label) -> soft(s, t, 1));
    }

    private double skewed(double skew) {
        return tokens((t, s, label) -> Hand.kl(softmax(t), mixed(softmax(s), softmax(t), skew)));
    }

    private double jsd(double beta) {
        return tokens((t, s, label) -> {
            double[] m = mixed(softmax(s), softmax(t), beta);
            return beta * Hand.kl(softmax(t), m) + (1 - beta) * Hand.kl(softmax(s), m);
        });
    }

    static Map<String, Formula> all() {
        Map<String, Formula> all = new TreeMap<>();
        all.put("sft", WorkedLogits::ce);
        all.put("seq_kd", WorkedLogits::ce);
        all.put("forward_kl", seen -> seen.kl(1));
        all.put("pd", seen -> seen.kl(1));
        all.put("reverse_kl", WorkedLogits::reverse);
        all.put("on_policy", WorkedLogits::reverse);
        all.put("sdpo", WorkedLogits::reverse);
        all.put("sdft", seen -> seen.kl(1));
        all.put("opsd", seen -> seen.tokens((t, s, label) -> capped(softmax(t), softmax(s), 0.05)));
        all.put("symmetric_kl", seen -> (seen.kl(1) + seen.reverse()) / 2);
        all.put("jsd", seen -> seen.jsd(0.5));
        all.put("gkd", seen -> seen.jsd(0.5));
        all.put("skew_kl", seen -> seen.skewed(0.1));
        all.put("distillm", seen -> seen.skewed(0.1));
        all.put("skew_rkl",
                seen -> seen.tokens((t, s, label) -> Hand.kl(softmax(s), mixed(softmax(t), softmax(s), 0.1))));
        all.put("tvd", seen -> seen.tokens((t, s, label) -> gap(softmax(t), softmax(s)) / 2));
        all.put("word_kd", seen -> 0.5 * 4 * seen.kl(2) + 0.5 * seen.ce());
        all.put("kd", seen -> seen.kl(10) + seen.ce());
        all.put("takd", seen -> 0.5 * 100 * seen.kl(10) + 0.5 * seen.ce());
        all.put("logit_mse", seen -> seen.tokens((t, s, label) -> mse(t, s)));
        all.put("logit_std",
                seen -> 0.9 * 4 * seen.tokens((t, s, label) -> soft(standardised(t), standardised(s), 2))
                        + 0.1 * seen.ce());
        all.put("abkd", seen -> seen.tokens((t, s, label) -> alphaBeta(softmax(t), softmax(s), 0.2, 0.7)));
        all.put("akl", seen -> seen.tokens((t, s, label) -> adaptive(softmax(t), softmax(s))));
        all.put("dkd",
                seen -> 16 * seen.tokens(WorkedLogits::target) + 8 * 16 * seen.tokens(WorkedLogits::others)
                        + seen.ce());
        all.put("entropy_weighted_kl",
                seen -> seen.tokens((t, s, label) -> entropy(softmax(t)) / Math.log(t.length) * soft(t, s, 1)));
        all.put("top_k_kl",
                seen -> seen.tokens((t, s, label) ->
                        Hand.kl(lumped(softmax(t), largest(t, 64)), lumped(softmax(s), largest(t, 64)))));
        all.put("bild",
                seen -> seen.tokens((t, s, label) -> gapsOf(t, s, largest(t, 8), 3) + gapsOf(t, s, largest(s, 8), 3)));
        all.put("ranking",
                seen -> 0.5 * seen.tokens((t, s, label) -> order(softmax(t), softmax(s), largest(t, 16)))
                        + 0.5 * seen.ce());
        all.put("dist",
                seen -> seen.tokens((t, s, label) -> 1 - pearson(softmax(t), softmax(s))) + seen.classByClass()
                        + seen.ce());
        all.put("sinkhorn", seen -> 0.8 * seen.transport() + 0.9 * seen.kl(1) + 0.1 * seen.ce());
        all.put("uld",
                seen -> 1.5 * seen.answers((t, s, label) -> gap(descending(softmax(t)), descending(softmax(s))))
                        + seen.ce());
        // one tokenizer: every token is its own partner
        all.put("min_edit", seen -> 0.5 * seen.kl(1) + 0.5 * seen.ce());
        all.put("taid",
                seen -> seen.tokens((t, s, label) ->
                        Hand.kl(softmax(mixed(s, t, 0.4)) /* it moves after the second step */, softmax(s))));
        all.put("annealing_kd",
                seen -> seen.progress < 0.7 ? seen.annealed(Math.ceil(seen.progress * 10 + 1e-9) / 7) : seen.ce());
        all.put("continuation_kd", seen -> {
            double labels = Math.min(1, seen.progress / 0.667);
            return (1 - labels) * seen.annealed((Math.floor(seen.progress * 10) + 1) / 10) + labels * seen.ce();
        });
        all.put("self_distillation",
                seen -> seen.ce() + 4 * mean(seen.labels.length, i -> soft(seen.start[i], seen.s[i], 2)));
        all.put("tmkd",
                seen -> (seen.tokens((t, s, label) -> mse(t, s))
                        + mean(seen.labels.length, i -> mse(seen.second[i], seen.s[i]))) / 2 + 0.5 * seen.ce());
        return all;
    }

    private static double gap(double[] a, double[] b) {
        return sum(a.length, i -> Math.abs(a[i] - b[i]));
    }

    private static double[] descending(double[] x) {
        return at(x, largest(x, x.length));
    }

    private static double alphaBeta(double[] p, double[] q, double a, double b) {
        return -sum(p.length,
                v -> Math.pow(p[v], a) * Math.pow(q[v], b) - a / (a + b) * Math.pow(p[v],
                        a + b) - b / (a + b) * Math.pow(q[v], a + b)) / (a * b);
    }

    /// Half of the mass, from the least likely up, is the tail.
    private static double adaptive(double[] p, double[] q) {
        int[] falling = largest(p, p.length);
        double tail = 0;
        double mass = 0;
        for (int i = falling.length - 1; i >= 0 && mass + p[falling[i]] < 0.5; i--) {
            mass += p[falling[i]];
            tail += Math.abs(p[falling[i]] - q[falling[i]]);
        }
        double share = tail / gap(p, q);
        return (1 - share) * Hand.kl(p, q) + share * Hand.kl(q, p);
    }

    private static double target(double[] t, double[] s, int label) {
        double p = softmax(t, 4)[label];
        double q = softmax(s, 4)[label];
        return p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
    }

    private static double others(double[] t, double[] s, int label) {
        return soft(without(t, label), without(s, label), 4);
    }

    private static double[] lumped(double[] p, int[] kept) {
        double[] all = java.util.Arrays.copyOf(at(p, kept), kept.length + 1);
        all[kept.length] = 1 - sum(kept.length, i -> all[i]);
        return all;
    }

    private static double gapsOf(double[] t, double[] s, int[] kept, double tau) {
        return soft(differences(at(t, kept)), differences(at(s, kept)), tau);
    }

    private static double order(double[] p, double[] q, int[] top) {
        double[] wanted = differences(at(p, top));
        double[] found = differences(at(q, top));
        return mean(wanted.length, i -> Math.max(0, wanted[i] - found[i]));
    }

    private double classByClass() {
        double[][] p = turned(java.util.Arrays.stream(t).map(Hand::softmax).toArray(double[][]::new));
        double[][] q = turned(java.util.Arrays.stream(s).map(Hand::softmax).toArray(double[][]::new));
        return mean(p.length, v -> 1 - pearson(p[v], q[v]));
    }

    private double annealed(double scale) {
        return tokens((t, s, label) -> mse(scaled(t, scale), s));
    }

    /// Rows and columns made even twenty times in turn; all tokens are one group.
    private double transport() {
        int n = labels.length;
        double[][] cost = new double[n][n];
        double[][] plan = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                cost[i][j] = gap(softmax(s[i], 2), softmax(t[j], 2));
                plan[i][j] = Math.exp(-cost[i][j] / 0.1);
            }
        }
        for (int round = 0; round < 40; round++) {
            double[][] rows = round % 2 == 0 ? plan : turned(plan);
            double[][] even = IntStream.range(0, n)
                    .mapToObj(i -> scaled(rows[i], 1 / java.util.Arrays.stream(rows[i]).sum()))
                            .toArray(double[][]::new);
            plan = round % 2 == 0 ? even : turned(even);
        }
        double[][] last = plan;
        return mean(n, i -> dot(last[i], cost[i]));
    }
}
