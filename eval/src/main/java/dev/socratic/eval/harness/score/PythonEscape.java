package dev.socratic.eval.harness.score;

/// `re.escape`.
final class PythonEscape {
    private static final String SPECIAL = "()[]{}?*+-|^$\\.&~# \t\n\r\u000b\f";

    private PythonEscape() {}

    static String of(String text) {
        StringBuilder out = new StringBuilder();
        text.chars().forEach(c -> out.append(SPECIAL.indexOf(c) >= 0 ? "\\" : "").append((char) c));
        return out.toString();
    }
}
