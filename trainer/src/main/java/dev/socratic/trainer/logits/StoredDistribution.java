package dev.socratic.trainer.logits;

/// A stored distribution at one position: mass on tokens and the rest.
///
/// @param ids      tokens, each once, at least one
/// @param mass     what the teacher gives each of them; with `rest` it sums to 1
/// @param tailMass mass of all other tokens together; 0 where none is left or none is known
public record StoredDistribution(int[] ids, float[] mass, float tailMass) {
    public StoredDistribution {
        if (ids.length != mass.length || ids.length == 0) {
            throw new IllegalArgumentException(
                    "ids and mass must be equally long and not empty; got %s and %s".formatted(ids.length,
                    mass.length));
        }
    }

    /// Of a position that nobody asks about.
    public static final StoredDistribution UNUSED = new StoredDistribution(new int[] {0}, new float[] {1}, 0);

    /// The rest goes to the label, which may be among the tokens already.
    StoredDistribution withTailOnLabel(int label) {
        int at = 0;
        while (at < ids.length && ids[at] != label) {
            at++;
        }
        int size = Math.max(ids.length, at + 1);
        int[] tokens = java.util.Arrays.copyOf(ids, size);
        float[] masses = java.util.Arrays.copyOf(mass, size);
        tokens[at] = label;
        masses[at] += tailMass;
        return new StoredDistribution(tokens, masses, 0);
    }

    /// The rest is dropped and the others divided by their sum.
    StoredDistribution renormalised() {
        double sum = 0;
        for (float each : mass) {
            sum += each;
        }
        float[] masses = new float[mass.length];
        for (int i = 0; i < masses.length; i++) {
            masses[i] = (float) (mass[i] / sum);
        }
        return new StoredDistribution(ids, masses, 0);
    }
}
