package dev.socratic.curator.quality;

import dev.socratic.core.config.Default;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Which lines of a text go before it is measured. Blank lines stay.
///
/// @param ending      a line has to end with one of these; none: any line may stay
/// @param minWords    fewest words of a line
/// @param longestWord most characters of a word
/// @param without     lines with one of these phrases go, whatever their case
/// @param matching    lines that are wholly matched by one of these regular expressions go
/// @param most        a text that loses more than this share of its words goes as a whole
public record LineRules(
        @Default("[]") List<String> ending,
        @Default("0") int minWords,
        Optional<Integer> longestWord,
        @Default("[]") List<String> without,
        @Default("[]") List<String> matching,
        @Default("1") double most) {
    public LineRules {
        ending = List.copyOf(ending);
        without = without.stream().map(phrase -> phrase.toLowerCase(Locale.ROOT)).toList();
        matching = List.copyOf(matching);
        matching.forEach(LineRules::pattern);
        if (!(most >= 0 && most <= 1)) {
            throw new IllegalArgumentException("most: a share in [0, 1]; got %s; 1 lets any text stay".formatted(most));
        }
    }

    private static Pattern pattern(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("matching: regular expressions; got '%s': %s".formatted(regex,
                    e.getDescription()), e);
        }
    }

    /// @param text what stays
    /// @param gone the lines that went, as they stood
    record Kept(String text, List<String> gone) {}

    Kept of(String text) {
        List<Pattern> patterns = matching.stream().map(LineRules::pattern).toList();
        List<String> stays = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            (line.isBlank() || stays(line.strip(), patterns) ? stays : gone).add(line);
        }
        return gone.isEmpty() ? new Kept(text, gone) : new Kept(String.join("\n", stays), gone);
    }

    private boolean stays(String line, List<Pattern> patterns) {
        List<String> words = List.of(line.split("\\s+"));
        String folded = line.toLowerCase(Locale.ROOT);
        return (ending.isEmpty() || ending.stream().anyMatch(line::endsWith))
                && words.size() >= minWords
                && longestWord.filter(most -> words.stream().anyMatch(word -> word.length() > most)).isEmpty()
                && without.stream().noneMatch(folded::contains)
                && patterns.stream().noneMatch(pattern -> pattern.matcher(line).matches());
    }
}
