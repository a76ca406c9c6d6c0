package dev.socratic.eval.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How strong each of several models is, out of games of two: `P(i beats j) = 1 / (1 + exp(theta_j - theta_i))`, fitted
/// by maximum likelihood (Newton). A tie is half a win for each; a score of 0.75 three quarters of one. Strengths add
/// up to 0. Source: Bradley and Terry 1952, Biometrika 39; as choix's `opt_pairwise` without its penalty.
///
/// The covariance is the pseudo-inverse of the information matrix `I_ii = sum_j n_ij p_ij p_ji`,
/// `I_ij = -n_ij p_ij p_ji`: the variance of a difference is that of a logistic regression of the games. Games on one
/// question hang together, which it does not see; a bootstrap over questions does.
///
/// @param strengths  theta, in the order of the players
/// @param covariance of theta, under the sum of 0
public record BradleyTerry(List<Double> strengths, double[][] covariance) {
    /// Elo points of a strength: 400 of them are odds of ten to one.
    public static final double ELO = 400 / Math.log(10);

    private static final int STEPS = 200;
    private static final double ENOUGH = 1e-13;

    public BradleyTerry {
        strengths = List.copyOf(strengths);
    }

    /// One game.
    ///
    /// @param first  number of a player
    /// @param second number of another
    /// @param score  of the first, in [0, 1]; the second has the rest
    public record Game(int first, int second, double score) {}

    /// @return wins of each over each, `[winner][loser]`
    public static double[][] wins(int players, List<Game> games) {
        double[][] wins = new double[players][players];
        for (Game game : games) {
            wins[game.first()][game.second()] += game.score();
            wins[game.second()][game.first()] += 1 - game.score();
        }
        return wins;
    }

    /// Nobody's strength is finite who wins, or loses, every game against the others: with no chain of wins from each
    /// player to each the likelihood has no maximum.
    ///
    /// @param wins `[winner][loser]`
    /// @return the players that cannot be placed among the others; empty where all can
    public static List<Integer> apart(double[][] wins) {
        boolean[] reached = reached(wins, false);
        boolean[] reaching = reached(wins, true);
        List<Integer> apart = new ArrayList<>();
        for (int i = 0; i < wins.length; i++) {
            if (!reached[i] || !reaching[i]) {
                apart.add(i);
            }
        }
        return apart;
    }

    private static boolean[] reached(double[][] wins, boolean backwards) {
        boolean[] seen = new boolean[wins.length];
        List<Integer> next = new ArrayList<>(List.of(0));
        seen[0] = true;
        while (!next.isEmpty()) {
            int at = next.removeLast();
            for (int other = 0; other < wins.length; other++) {
                double won = backwards ? wins[other][at] : wins[at][other];
                if (won > 0 && !seen[other]) {
                    seen[other] = true;
                    next.add(other);
                }
            }
        }
        return seen;
    }

    /// @param wins `[winner][loser]`, of at least two players
    /// @return empty where no finite strengths fit ([#apart])
    public static Optional<BradleyTerry> fit(double[][] wins) {
        if (!apart(wins).isEmpty()) {
            return Optional.empty();
        }
        double[] theta = new double[wins.length];
        double likelihood = likelihood(wins, theta);
        for (int step = 0; step < STEPS; step++) {
            double[] gradient = gradient(wins, theta);
            double[] move = times(inverse(information(wins, theta)), gradient);
            double largest = 0;
            double scale = 1;
            double[] next = moved(theta, move, scale);
            while (likelihood(wins, next) < likelihood && scale > 1e-9) { // too far: half the way
                scale /= 2;
                next = moved(theta, move, scale);
            }
            for (double one : move) {
                largest = Math.max(largest, Math.abs(one) * scale);
            }
            theta = next;
            likelihood = likelihood(wins, theta);
            if (largest < ENOUGH) {
                break;
            }
        }
        double mean = 0;
        for (double one : theta) {
            mean += one / theta.length;
        }
        List<Double> strengths = new ArrayList<>();
        for (double one : theta) {
            strengths.add(one - mean);
        }
        return Optional.of(new BradleyTerry(strengths, inverse(information(wins, theta))));
    }

    /// @return standard error of a strength
    public double error(int player) {
        return Math.sqrt(covariance[player][player]);
    }

    /// @return standard error of the difference of two strengths
    public double error(int first, int second) {
        return Math.sqrt(covariance[first][first] + covariance[second][second] - 2 * covariance[first][second]);
    }

    /// @return normal 95 % interval of a strength
    public Interval ci95(int player) {
        double half = Interval.Z95 * error(player);
        return new Interval(strengths.get(player) - half, strengths.get(player) + half);
    }

    private static double[] moved(double[] theta, double[] move, double scale) {
        double[] next = theta.clone();
        for (int i = 0; i < next.length; i++) {
            next[i] += scale * move[i];
        }
        return next;
    }

    private static double likelihood(double[][] wins, double[] theta) {
        double sum = 0;
        for (int i = 0; i < theta.length; i++) {
            for (int j = 0; j < theta.length; j++) {
                sum -= wins[i][j] == 0 ? 0 : wins[i][j] * Math.log1p(Math.exp(theta[j] - theta[i]));
            }
        }
        return sum;
    }

    private static double[] gradient(double[][] wins, double[] theta) {
        double[] gradient = new double[theta.length];
        for (int i = 0; i < theta.length; i++) {
            for (int j = 0; j < theta.length; j++) {
                gradient[i] += wins[i][j] - (wins[i][j] + wins[j][i]) / (1 + Math.exp(theta[j] - theta[i]));
            }
        }
        return gradient;
    }

    private static double[][] information(double[][] wins, double[] theta) {
        double[][] information = new double[theta.length][theta.length];
        for (int i = 0; i < theta.length; i++) {
            for (int j = 0; j < theta.length; j++) {
                double p = 1 / (1 + Math.exp(theta[j] - theta[i]));
                double weight = i == j ? 0 : (wins[i][j] + wins[j][i]) * p * (1 - p);
                information[i][j] -= weight;
                information[i][i] += weight;
            }
        }
        return information;
    }

    /// The pseudo-inverse of a matrix whose rows add up to 0: `(M + J)^-1 - J`, J all `1 / n`.
    private static double[][] inverse(double[][] matrix) {
        int n = matrix.length;
        double[][] shifted = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                shifted[i][j] = matrix[i][j] + 1.0 / n;
            }
        }
        double[][] inverse = SquareMatrix.inverse(shifted);
        for (double[] row : inverse) {
            for (int j = 0; j < n; j++) {
                row[j] -= 1.0 / n;
            }
        }
        return inverse;
    }

    private static double[] times(double[][] matrix, double[] vector) {
        double[] product = new double[vector.length];
        for (int i = 0; i < vector.length; i++) {
            for (int j = 0; j < vector.length; j++) {
                product[i] += matrix[i][j] * vector[j];
            }
        }
        return product;
    }
}
