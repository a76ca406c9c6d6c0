package dev.socratic.eval.harness.instruction;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What Punkt has learnt of a language.
///
/// @param abbreviations without their last point
/// @param starters      words that often begin a sentence
/// @param collocations  pairs of words that a point between them does not part
/// @param caseOf        by word, the sum of the places and cases it has been seen in
record PunktParameters(Set<String> abbreviations, Set<String> starters, Set<List<String>> collocations,
        Map<String, Integer> caseOf) {
    /// Seen in upper case: at the beginning, within, or at an unknown place of a sentence.
    static final int UPPER = 2 + 4 + 8;
    static final int WITHIN_UPPER = 4;
    /// Seen in lower case.
    static final int LOWER = 16 + 32 + 64;
    static final int FIRST_LOWER = 16;
    private static final String RESOURCE = "punkt_english.txt";

    static PunktParameters english() {
        PunktParameters found = new PunktParameters(new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashMap<>());
        text().lines().filter(line -> !line.startsWith("#")).forEach(line -> found.take(List.of(line.split("\t"))));
        return found;
    }

    private void take(List<String> fields) {
        List<String> words = fields.subList(1, fields.size());
        switch (fields.getFirst()) {
            case "abbreviation" -> abbreviations.addAll(words);
            case "starter" -> starters.addAll(words);
            case "collocation" -> collocations.add(words);
            case String other -> {
                int value = Integer.parseInt(other.substring(other.indexOf(' ') + 1));
                words.forEach(word -> caseOf.put(word, value));
            }
        }
    }

    int cases(String word) {
        return caseOf.getOrDefault(word, 0);
    }

    private static String text() {
        try (InputStream in = PunktParameters.class.getResourceAsStream(RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
    }
}
