package dev.socratic.core.template;

/// Finding a text in a text in time linear in both, so that no template can make a search slow.
final class TextSearch {
    private static final int SHORT = 32;

    private TextSearch() {}

    /// @return first place of the part at or after `from`, or -1
    static int find(String text, String part, int from, RenderBudget budget) {
        int place = search(text, part, from);
        budget.steps(((place < 0 ? text.length() : place) - from >> 4) + (part.length() >> 4) + 1L);
        return place;
    }

    private static int search(String text, String part, int from) {
        if (part.length() <= SHORT) {
            return text.indexOf(part, from);
        }
        // Knuth, Morris and Pratt 1977: borders[i] is how much of the part's beginning ends at i.
        int[] borders = new int[part.length()];
        for (int i = 1, border = 0; i < part.length(); i++) {
            while (border > 0 && part.charAt(i) != part.charAt(border)) {
                border = borders[border - 1];
            }
            border += part.charAt(i) == part.charAt(border) ? 1 : 0;
            borders[i] = border;
        }
        int matched = 0;
        for (int i = from; i < text.length(); i++) {
            while (matched > 0 && text.charAt(i) != part.charAt(matched)) {
                matched = borders[matched - 1];
            }
            matched += text.charAt(i) == part.charAt(matched) ? 1 : 0;
            if (matched == part.length()) {
                return i - matched + 1;
            }
        }
        return -1;
    }

    /// @param most how many to replace; negative for all
    static String replace(String text, String part, String by, int most, RenderBudget budget) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (int done = 0; done != most; done++) {
            int place = part.isEmpty() ? (done == 0 ? 0 : next(text, from)) : find(text, part, from, budget);
            if (place < 0) {
                break;
            }
            budget.text((long) place - from + by.length());
            out.append(text, from, place).append(by);
            from = place + part.length();
        }
        budget.text((long) out.length() + text.length() - from);
        return out.append(text, from, text.length()).toString();
    }

    /// The border after the next character, where an empty part is found again.
    private static int next(String text, int from) {
        return from >= text.length() ? -1 : text.offsetByCodePoints(from, 1);
    }
}
