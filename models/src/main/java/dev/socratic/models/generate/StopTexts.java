package dev.socratic.models.generate;

import java.util.List;
import java.util.OptionalInt;

/// Texts at which an answer ends.
record StopTexts(List<String> stops) {
    StopTexts {
        stops = stops.stream().filter(stop -> !stop.isEmpty()).toList();
    }

    /// @param from where to begin to look; text before it is known to hold none
    /// @param least where the first one may begin
    /// @return where the first one begins
    OptionalInt in(CharSequence text, int from, int least) {
        if (stops.isEmpty()) {
            return OptionalInt.empty();
        }
        String whole = text.toString();
        return stops.stream()
                .mapToInt(stop -> whole.indexOf(stop, Math.max(least, from - stop.length() + 1)))
                .filter(at -> at >= 0)
                .min();
    }

    /// @return how many characters at the end may be the beginning of one, and must not be shown yet
    int pending(CharSequence text) {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, text.length()); length > longest; length--) {
                if (stop.startsWith(text.subSequence(text.length() - length, text.length()).toString())) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
