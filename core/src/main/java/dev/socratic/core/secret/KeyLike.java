package dev.socratic.core.secret;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Tells what may well be a key from a plain word, so that a key written where it would be printed is refused.
///
/// A guess on the safe side: what is refused by mistake can be given by an environment variable all the same.
public final class KeyLike {
    private static final List<String> PREFIXES = List.of(
            "sk-", "sk_", "pk-", "gsk_", "hf_", "xai-", "pplx-", "nvapi-", "ghp_", "glpat-", "aiza", "akia", "bearer ",
            "basic ", "fw_", "csk-", "r8_", "tgp_");
    private static final Set<String> NAMES = Set.of(
            "key", "apikey", "token", "accesstoken", "auth", "authorization", "proxyauthorization", "authtoken", "sig",
            "signature", "secret", "password", "passwd", "cookie", "code", "subscriptionkey", "clientsecret",
            "ocpapimsubscriptionkey", "xapikey", "xgoogapikey", "xauthtoken", "xapitoken", "xauth", "xkey", "xtoken");
    private static final int SHORTEST_RUN = 16;
    private static final int LONGEST_WORD = 31;

    private KeyLike() {}

    /// @param text a segment of a path, the value of a header or of a query parameter
    public static boolean value(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        return PREFIXES.stream().anyMatch(prefix -> lower.startsWith(prefix) && lower.length() > prefix.length() + 2)
                || Arrays.stream(text.split("[^A-Za-z0-9]+")).anyMatch(KeyLike::random);
    }

    /// @param name of a header or of a query parameter whose value is a secret
    public static boolean name(String name) {
        return NAMES.contains(name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ""));
    }

    /// Letters and digits in one long run: words have no digits, dates and versions no letters.
    private static boolean random(String run) {
        long digits = run.chars().filter(Character::isDigit).count();
        return run.length() > LONGEST_WORD
                || run.length() >= SHORTEST_RUN && digits >= 3 && digits < run.length();
    }
}
