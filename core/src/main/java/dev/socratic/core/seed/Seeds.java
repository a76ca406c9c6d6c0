package dev.socratic.core.seed;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.SplittableRandom;

/// Seeds derived from one seed and a path of names, the same on every machine and in every version.
public final class Seeds {
    private Seeds() {}

    /// The first 8 bytes (big-endian) of SHA-256 over the seed (8 bytes, big-endian) and, for each name, the length
    /// of its UTF-8 bytes (4 bytes, big-endian) and those bytes. The lengths keep `("a", "bc")` and `("ab", "c")`
    /// apart.
    ///
    /// @param path what the seed is for, from the large to the small: `"generate", requestId, "sample 3"`
    public static long derive(long seed, String... path) {
        MessageDigest digest = sha256();
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).array());
        for (String name : path) {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            digest.update(bytes);
        }
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    /// @return a generator of its own for that path. `SplittableRandom` (SplitMix64) gives the same `long`s in every
    ///         Java version we run on; a test pins them.
    public static SplittableRandom random(long seed, String... path) {
        return new SplittableRandom(derive(seed, path));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
