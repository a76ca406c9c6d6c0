package dev.socratic.datasets.split;

import dev.socratic.core.seed.Seeds;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Which part of a data set a row belongs to, from its id alone.
///
/// The id and the salt are hashed to a number u in [0, 1); the row belongs to the part in whose stretch of the shares
/// u falls. So a row never moves when others are added or removed, equal rows fall into the same part, and a larger
/// first share keeps all rows it had. The parts come out as large as their shares up to chance: a share p of n rows
/// is n p within about sqrt(n p (1 - p)).
///
/// @param shares names and relative sizes, in order
/// @param salt   another salt gives an independent cut
public record Splits(Map<String, Double> shares, long salt) {
    public Splits {
        shares = checked(shares);
    }

    /// @throws IllegalArgumentException if there are no shares or one is not positive
    public static Map<String, Double> checked(Map<String, Double> shares) {
        if (shares.isEmpty()) {
            throw new IllegalArgumentException("shares: at least one part; got none");
        }
        shares.forEach((name, share) -> {
            if (!(share > 0 && Double.isFinite(share))) {
                throw new IllegalArgumentException("shares.%s: more than 0; got %s".formatted(name, share));
            }
        });
        return Collections.unmodifiableMap(new LinkedHashMap<>(shares));
    }

    /// @return the name of the part this id falls into
    public String of(String id) {
        double left = place(id) * shares.values().stream().mapToDouble(Double::doubleValue).sum();
        String last = "";
        for (Map.Entry<String, Double> part : shares.entrySet()) {
            last = part.getKey();
            if (left < part.getValue()) {
                return last;
            }
            left -= part.getValue();
        }
        return last;
    }

    /// @return u in [0, 1), from 53 bits of a SHA-256
    private double place(String id) {
        return (Seeds.derive(salt, "split", id) >>> 11) * 0x1p-53;
    }
}
