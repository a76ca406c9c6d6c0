package dev.socratic.eval.stats;

/// How many questions it takes to see a difference, and how small a difference so many questions show.
///
/// `n = (z_{1 - alpha/2} + z_power)^2 sd^2 / delta^2`, where sd is the deviation of the score, or of the difference
/// question by question where two models answered the same ones. Source: Miller 2024, arXiv:2411.00640, 5; the far
/// tail is left out, as there.
///
/// @param alpha two-sided error of the first kind, in (0, 1)
/// @param power chance to see the difference, in (0, 1)
public record Power(double alpha, double power) {
    /// 5 % and 80 %, what is usual.
    public static final Power USUAL = new Power(0.05, 0.8);

    public Power {
        if (!(alpha > 0 && alpha < 1) || !(power > 0 && power < 1)) {
            throw new IllegalArgumentException("alpha and power: between 0 and 1; got %s and %s".formatted(alpha,
                    power));
        }
    }

    /// @param delta difference to be seen, above 0
    /// @param sd    deviation of one question's difference
    /// @return questions; at least 2, since one shows nothing
    public long questions(double delta, double sd) {
        if (!(delta > 0)) {
            throw new IllegalArgumentException("delta: a difference above 0; got %s".formatted(delta));
        }
        return Math.max(2, (long) Math.ceil(Math.pow(z() * sd / delta, 2) - 1e-9));
    }

    /// @return the smallest difference that n questions show
    public double difference(long n, double sd) {
        return z() * sd / Math.sqrt(n);
    }

    private double z() {
        return Quantiles.normal(1 - alpha / 2) + Quantiles.normal(power);
    }
}
