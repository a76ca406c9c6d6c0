package dev.socratic.curator.pii;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Keys, tokens and passwords: by the marks their makers give them, by the name before an equals sign, by entropy.
final class SecretKeys {
    /// By their makers' documents: AWS, GitHub, GitLab, OpenAI and Anthropic, Slack, Stripe, Google, Hugging Face,
    /// npm, PyPI, SendGrid, bots of Telegram, JSON web tokens, private keys in PEM.
    static final List<Pattern> MARKED = List.of(
            "\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b", "\\bgh[pousr]_[A-Za-z0-9]{36,255}\\b",
            "\\bgithub_pat_[A-Za-z0-9_]{60,255}\\b", "\\bglpat-[A-Za-z0-9_-]{20,64}\\b",
            "\\bsk-(?:proj-|ant-|svcacct-|or-)?[A-Za-z0-9_-]{20,255}\\b", "\\bxox[abeprs]-[A-Za-z0-9-]{10,255}\\b",
            "\\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,255}\\b", "\\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])",
            "\\bhf_[A-Za-z0-9]{30,60}\\b", "\\bnpm_[A-Za-z0-9]{36}\\b", "\\bpypi-AgE[A-Za-z0-9_-]{50,255}\\b",
            "\\bSG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{16,64}\\b", "\\b\\d{8,10}:AA[A-Za-z0-9_-]{33}\\b",
            "\\beyJ[A-Za-z0-9_-]{8,2000}\\.eyJ[A-Za-z0-9_-]{8,4000}\\.[A-Za-z0-9_-]{8,1000}",
            "-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[A-Za-z0-9+/=\\s\\\\]{10,8000}"
                    + "-----END [A-Z ]{0,20}PRIVATE KEY-----")
            .stream().map(Pattern::compile).toList();

    /// `password = "..."`: group 1 is the value.
    static final Pattern ASSIGNED = Pattern.compile("(?i)(?<![a-z])(?:api[_-]?key|access[_-]?key|secret[_-]?key"
            + "|client[_-]?secret|secret|(?:access|auth|bearer|refresh|api)[_-]?token|token|passwd|password|pwd)"
            + "[\"']?\\s{0,3}(?::|=|\\bis\\b)\\s{0,3}[\"']?([^\\s\"'`,;<>(){}\\[\\]]{8,200})");

    /// A run that may be a key of a maker nobody named.
    static final Pattern RUN = Pattern.compile(
            "(?<![A-Za-z0-9+/_=.-])[A-Za-z0-9+_-]{32,200}={0,2}(?![A-Za-z0-9+/_=-])");

    private static final Pattern EXAMPLE = Pattern.compile(
            "(?i)your|example|xxx|placeholder|changeme|\\*\\*\\*|\\.\\.\\."
            + "|^\\$|%s|redacted|dummy|secret$|password$|^env\\.|^os\\.|^process\\.|\\(|test_?key");
    private static final double LEAST_OF_A_VALUE = 2.8;
    private static final double LEAST_OF_A_RUN = 4.2;

    private SecretKeys() {}

    /// @param value behind the name of a secret
    /// @return whether it is one, and not a word or a place to write one
    static boolean isValue(String value) {
        boolean mixed = value.chars().anyMatch(Character::isDigit) && value.chars().anyMatch(Character::isLetter)
                || value.chars().anyMatch(c -> "!@#$%^&*+~".indexOf(c) >= 0);
        return mixed && !EXAMPLE.matcher(value).find() && entropy(value) >= LEAST_OF_A_VALUE;
    }

    /// @return whether it has capitals, small letters and digits, as if drawn: hashes in hexadecimal and names have
    /// not
    static boolean isRandom(String run) {
        return run.chars().filter(Character::isDigit).count() >= 3 && !run.equals(run.toLowerCase(Locale.ROOT))
                && !run.equals(run.toUpperCase(Locale.ROOT)) && entropy(run) >= LEAST_OF_A_RUN;
    }

    /// @return Shannon entropy of the characters, in bits a character
    static double entropy(String text) {
        int[] counts = new int[128];
        int all = 0;
        for (char c : text.toCharArray()) {
            counts[Math.min(c, 127)]++;
            all++;
        }
        double entropy = 0;
        for (int count : counts) {
            if (count > 0) {
                double share = (double) count / all;
                entropy -= share * Math.log(share) / Math.log(2);
            }
        }
        return entropy;
    }
}
