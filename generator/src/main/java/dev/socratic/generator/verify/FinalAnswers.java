package dev.socratic.generator.verify;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

final class FinalAnswers {
    private static final Pattern LAST = Pattern.compile("-?\\d+(?=\\D*$)");

    private FinalAnswers() {}

    static Optional<String> find(String answer) {
        Matcher m = LAST.matcher(answer);
        return m.find() ? Optional.of(m.group()) : Optional.empty();
    }

    static boolean equal(String gold, String answer) {
        return gold.equals(answer);
    }
}
