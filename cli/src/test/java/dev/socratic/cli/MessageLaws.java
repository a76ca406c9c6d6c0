package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A message in two pieces is filled in as a whole: where only the second is formatted, the first tells the user its
/// `%s` as it stands.
class MessageLaws {
    private static final String LITERAL = "\"(?:[^\"\\\\\\n]|\\\\.)*\"";
    private static final Pattern HALF = Pattern.compile(
            "((?:%1$s\\s*\\+\\s*)+)%1$s\\s*\\.formatted\\(".formatted(LITERAL));
    private static final Pattern PLACE = Pattern.compile("%(?:\\d+\\$)?[-#+ 0,(]*\\d*(?:\\.\\d+)?[sdf]");

    @Test
    void noMessageIsFilledInByHalf() throws IOException {
        List<String> offenders = new ArrayList<>();
        int files = 0;
        try (Stream<Path> sources = Files.walk(Path.of(".."))) {
            for (Path source : sources.filter(file -> file.toString().matches(".*/src/.*\\.java")).toList()) {
                files++;
                halves(Files.readString(source)).forEach(half -> offenders.add(source + ": " + half));
            }
        }
        assertTrue(files > 800, "the law must see the sources; saw " + files);
        assertEquals(List.of(), offenders, "put the pieces into parentheses before .formatted");
    }

    @Test
    void theLawSeesWhatItForbidsAndNothingElse() {
        String first = "\"got %s; \"";
        String second = "\"write %s\"";
        assertEquals(1, halves(first + " + " + second + ".formatted(x)").size());
        assertEquals(0, halves("(" + first + " + " + second + ").formatted(x, y)").size());
        assertEquals(0, halves("\"plain \" + " + second + ".formatted(x)").size());
    }

    private static List<String> halves(String source) {
        List<String> found = new ArrayList<>();
        Matcher match = HALF.matcher(source);
        while (match.find()) {
            if (PLACE.matcher(match.group(1)).find()) {
                found.add(match.group());
            }
        }
        return found;
    }
}
