package dev.socratic.models.hub;

import java.util.List;
import java.util.regex.Pattern;

/// Patterns of file names as the reference client takes them: `*` any characters, `/` included, `?` one, `[ab]` one
/// of some, and a pattern that ends in `/` everything in that folder. A name is wanted if any pattern takes it.
record Globs(List<String> patterns) {
    /// What loads here, and what a person wants to read beside it. Pickles and other frameworks' weights are left out.
    static final Globs USEFUL =
            new Globs(List.of("*.safetensors", "*.json", "*.jinja", "*.model", "*.txt", "*.md", "LICENSE*", "NOTICE*"));

    Globs {
        patterns = List.copyOf(patterns);
    }

    boolean take(String path) {
        return patterns.stream()
                .anyMatch(pattern -> regex(pattern.endsWith("/") ? pattern + "*" : pattern).matcher(path).matches());
    }

    private static Pattern regex(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            int close = c == '[' ? glob.indexOf(']', i + 2) : -1;
            if (c == '*') {
                while (i + 1 < glob.length() && glob.charAt(i + 1) == '*') {
                    i++; // several are as one, and cost no more
                }
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else if (close > 0) {
                String inside = glob.substring(i + 1, close).replace("\\", "\\\\").replace("[", "\\[")
                        .replace("&", "\\&").replace("^", "\\^");
                regex.append('[').append(inside.startsWith("!") ? "^" + inside.substring(1) : inside).append(']');
                i = close;
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
