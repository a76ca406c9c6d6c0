package dev.socratic.models.decoder;

/// How positions turn queries and keys (Su et al. 2021, arXiv:2104.09864).
///
/// Pair i of a head of width dim turns by `position * frequency(i)` radians; plain frequencies are `theta^(-2i/dim)`.
public sealed interface Rope {
    double theta();

    /// Plain frequencies.
    record Plain(double theta) implements Rope {}

    /// The frequencies of Llama 3.1 and later: waves longer than the original context over `low` are slowed down by `factor`, waves shorter
    /// than the original context over `high` stay, in between both are mixed.
    record Llama3(double theta, double factor, double low, double high, int originalContext) implements Rope {
        private float slowed(float plain) {
            double wave = 2 * Math.PI / plain; // positions per turn
            if (wave > originalContext / low) {
                return (float) (plain / factor);
            }
            if (wave < originalContext / high) {
                return plain;
            }
            double share = (originalContext / wave - low) / (high - low);
            return (float) ((1 - share) * plain / factor + share * plain);
        }
    }

    /// @param dim width of a head
    /// @return radians per position, `[dim / 2]`
    default float[] frequencies(int dim) {
        float[] frequencies = new float[dim / 2];
        for (int i = 0; i < frequencies.length; i++) {
            // Rounded to float32 at each step, as the reference does: at position 100,000 the difference would be visible.
            float exponent = (float) (2 * i) / dim;
            float plain = 1f / (float) Math.pow(theta(), exponent);
            frequencies[i] = switch (this) {
                case Plain ignored -> plain;
                case Llama3 scaled -> scaled.slowed(plain);
            };
        }
        return frequencies;
    }

    /// Cosines and sines of every angle, each `[positions, dim]`, both halves of dim alike.
    record Table(float[] cos, float[] sin) {}

    /// @param positions how many positions, from 0
    default Table table(int positions, int dim) {
        float[] frequencies = frequencies(dim);
        float[] cos = new float[Math.multiplyExact(positions, dim)];
        float[] sin = new float[cos.length];
        for (int position = 0; position < positions; position++) {
            for (int i = 0; i < dim / 2; i++) {
                float angle = position * frequencies[i];
                int at = position * dim + i;
                cos[at] = cos[at + dim / 2] = (float) Math.cos(angle);
                sin[at] = sin[at + dim / 2] = (float) Math.sin(angle);
            }
        }
        return new Table(cos, sin);
    }
}
