package dev.socratic.models.hub;

import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a hub names a file's bytes by: SHA-256 for large files, git's SHA-1 over `blob <size>\0<bytes>` for small ones.
///
/// @param hex 64 or 40 hexadecimal digits, which is also what tells the two apart
record Checksum(String hex) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");
    private static final int BUFFER = 1 << 16;

    /// @param etag as a header has it: perhaps weak, perhaps quoted
    /// @return empty if it is neither kind
    static Optional<Checksum> of(String etag) {
        String bare = etag.replaceFirst("^W/", "").replaceAll("^\"|\"$", "");
        return SHA256.matcher(bare).matches() || SHA1.matcher(bare).matches()
                ? Optional.of(new Checksum(bare))
                : Optional.empty();
    }

    static boolean isCommit(String text) {
        return SHA1.matcher(text).matches();
    }

    boolean large() {
        return hex.length() == 64;
    }

    boolean matches(Path file) {
        try {
            MessageDigest digest = MessageDigest.getInstance(large() ? "SHA-256" : "SHA-1");
            if (!large()) {
                digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
            }
            byte[] buffer = new byte[BUFFER];
            try (InputStream in = Files.newInputStream(file)) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    digest.update(buffer, 0, n);
                }
            }
            return HexFormat.of().formatHex(digest.digest()).equals(hex);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        } catch (IOException failed) {
            throw IoProblems.reading(file, failed);
        }
    }

    @Override
    public String toString() {
        return (large() ? "sha256 " : "git sha1 ") + hex;
    }
}
