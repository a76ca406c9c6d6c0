package dev.socratic.models.decoder;

import java.util.List;

/// Radians per position of every kind of rope, rounded to float32 at each step.
final class Frequencies {
    private Frequencies() {}

    static float[] of(Rope rope, int rotated, int length) {
        return switch (rope) {
            case Rope.None ignored -> new float[0];
            case Rope.Plain(double theta) -> plain(theta, rotated);
            case Rope.Linear(double theta, double factor) -> divided(plain(theta, rotated), (float) factor);
            case Rope.Dynamic dynamic -> plain(grown(dynamic, rotated, length), rotated);
            case Rope.Llama3 scaled -> slowed(scaled, rotated);
            case Rope.Yarn yarn -> ramped(yarn, rotated);
            case Rope.LongRope longRope ->
                stretched(longRope.theta(), length > longRope.original() ? longRope.far() : longRope.near(), rotated);
        };
    }

    private static float power(double theta, int pair, int rotated) {
        return (float) Math.pow(theta, (float) (2 * pair) / rotated);
    }

    private static float[] plain(double theta, int rotated) {
        float[] frequencies = new float[rotated / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = 1f / power(theta, i, rotated);
        }
        return frequencies;
    }

    private static float[] divided(float[] frequencies, float factor) {
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] /= factor;
        }
        return frequencies;
    }

    private static double grown(Rope.Dynamic rope, int rotated, int length) {
        double stretch = rope.factor() * Math.max(length, rope.original()) / rope.original() - (rope.factor() - 1);
        return (float) (rope.theta() * Math.pow(stretch, (double) rotated / (rotated - 2)));
    }

    private static float[] slowed(Rope.Llama3 rope, int rotated) {
        float[] frequencies = plain(rope.theta(), rotated);
        for (int i = 0; i < frequencies.length; i++) {
            float plain = frequencies[i];
            double wave = 2 * Math.PI / plain; // positions per turn
            if (wave > rope.original() / rope.low()) {
                frequencies[i] = (float) (plain / rope.factor());
            } else if (wave >= rope.original() / rope.high()) {
                double share = (rope.original() / wave - rope.low()) / (rope.high() - rope.low());
                frequencies[i] = (float) ((1 - share) * plain / rope.factor() + share * plain);
            }
        }
        return frequencies;
    }

    private static float[] ramped(Rope.Yarn rope, int rotated) {
        double from = pairThatTurns(rope.fast(), rope, rotated);
        double to = pairThatTurns(rope.slow(), rope, rotated);
        double low = Math.max(0, rope.truncate() ? Math.floor(from) : from);
        double high = Math.min(rotated - 1, rope.truncate() ? Math.ceil(to) : to);
        float width = (float) (low == high ? 0.001 : high - low); // no division by zero
        float[] frequencies = new float[rotated / 2];
        for (int i = 0; i < frequencies.length; i++) {
            float turn = power(rope.theta(), i, rotated);
            float slowed = Math.clamp((i - (float) low) / width, 0f, 1f);
            frequencies[i] = 1f / ((float) rope.factor() * turn) * slowed + 1f / turn * (1 - slowed);
        }
        return frequencies;
    }

    /// Which pair, as a fraction, turns so many times in the original context.
    private static double pairThatTurns(double times, Rope.Yarn rope, int rotated) {
        return rotated * Math.log(rope.original() / (times * 2 * Math.PI)) / (2 * Math.log(rope.theta()));
    }

    private static float[] stretched(double theta, List<Double> factors, int rotated) {
        float[] frequencies = new float[rotated / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = 1f / (factors.get(i).floatValue() * power(theta, i, rotated));
        }
        return frequencies;
    }
}
