package dev.socratic.eval.stats;

import java.util.Arrays;
import java.util.Optional;

/// The win rate that a model would have if its answers were as long as the other's: judges like long ones.
///
/// A logistic regression of the scores, `P(win) = s(theta + phi tanh(d / sd(d)))` with `s` the logistic function and d
/// the difference of lengths in characters; the controlled win rate is `s(theta)`. Source: Dubois et al. 2024,
/// arXiv:2404.04475 (AlpacaEval 2). Deviations: no term for the difficulty of each instruction, which takes many models
/// to fit, and no penalty on the weights.
///
/// @param winRate `s(theta)`
/// @param ci95    `s(theta +- 1.96 SE)`, SE by the information matrix
/// @param phi     above 0 where longer answers win
public record LengthControl(double winRate, Interval ci95, double phi) {
    private static final int STEPS = 100;
    private static final double FAR = 30;

    /// @param scores     of the model, each in [0, 1]
    /// @param differences its length less the other's, in the same order
    /// @return empty where no finite weights fit: all scores 0 or all 1, or lengths that settle every score
    public static Optional<LengthControl> of(double[] scores, double[] differences) {
        double mean = Arrays.stream(scores).average().orElse(0);
        double spread = differences.length < 2 ? 0 : Mean.of(differences).spread().orElse(0.0);
        if (mean == 0 || mean == 1 || spread == 0) {
            return Optional.empty();
        }
        double theta = 0;
        double phi = 0;
        double[][] inverse = new double[2][2];
        for (int step = 0; step < STEPS; step++) {
            double[] gradient = new double[2];
            double[][] information = new double[2][2];
            for (int k = 0; k < scores.length; k++) {
                double x = Math.tanh(differences[k] / spread);
                double p = 1 / (1 + Math.exp(-theta - phi * x));
                gradient[0] += scores[k] - p;
                gradient[1] += (scores[k] - p) * x;
                information[0][0] += p * (1 - p);
                information[0][1] += p * (1 - p) * x;
                information[1][1] += p * (1 - p) * x * x;
            }
            information[1][0] = information[0][1];
            inverse = SquareMatrix.inverse(information);
            double moveTheta = inverse[0][0] * gradient[0] + inverse[0][1] * gradient[1];
            double movePhi = inverse[1][0] * gradient[0] + inverse[1][1] * gradient[1];
            theta += moveTheta;
            phi += movePhi;
            if (!(Math.abs(theta) < FAR && Math.abs(phi) < FAR)) {
                return Optional.empty();
            }
            if (Math.abs(moveTheta) + Math.abs(movePhi) < 1e-12) {
                break;
            }
        }
        double half = Interval.Z95 * Math.sqrt(inverse[0][0]);
        return Optional.of(new LengthControl(logistic(theta), new Interval(logistic(theta - half),
                logistic(theta + half)), phi));
    }

    private static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
