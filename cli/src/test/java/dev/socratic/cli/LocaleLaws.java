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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No text depends on the machine's language: `%d` has other digits in Persian, `%.2f` a comma in German, `I` another
/// small letter in Turkish.
///
/// `%s` of a whole number is the same everywhere; everything else that formats a number names `Locale.ROOT`. The law
/// reads sources, for in byte code a
/// format is a constant among others.
class LocaleLaws {
    private static final Pattern LITERAL = Pattern.compile("\"\"\".*?\"\"\"|\"(?:[^\"\\\\\\n]|\\\\.)*\"",
            Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("%(?:\\d+\\$)?[-#+ 0,(]*\\d*(?:\\.\\d+)?[dfegEGaA]");
    private static final Pattern BARE = Pattern.compile(
            "(?:String\\.format|printf)\\((?!\\s*(?:java\\.util\\.)?Locale\\.)");
    private static final Pattern CASE = Pattern.compile("to(?:Upper|Lower)Case\\(\\)");

    @Test
    void noSourceFormatsANumberOrChangesCaseByTheMachinesLanguage() throws IOException {
        List<String> offenders = new ArrayList<>();
        int files = 0;
        try (Stream<Path> sources = Files.walk(Path.of(".."))) {
            for (Path source : sources.filter(file -> file.toString().matches(".*/src/main/java/.*\\.java")).toList()) {
                files++;
                offences(Files.readString(source)).forEach(offence -> offenders.add(source + ": " + offence));
            }
        }
        assertTrue(files > 600, "the law must see the sources; saw " + files);
        assertEquals(List.of(), offenders, "write %s for a whole number, String.format(Locale.ROOT, ...) for the rest");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "\"step_%08d\".formatted(step)", "(\"a\" + \"%.2f\").formatted(x)", "String.format(\"%d\", n)",
                "name.toUpperCase()",
        "\"\"\"\n{\"n\": %d}\n\"\"\".formatted(n)", "out.printf(\"%d\", n)"
    })
    void theLawSeesWhatItForbids(String source) {
        assertEquals(1, offences(source).size(), source);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "\"step_%s\".formatted(step)", "String.format(Locale.ROOT, \"%08d\", n)",
                "String.format(\n    Locale.ROOT, \"%d\", n)",
        "// \"%d\".formatted(n)", "name.toUpperCase(Locale.ROOT)", "\"100 %% of %s\".formatted(n)"
    })
    void theLawLetsTheRestPass(String source) {
        assertEquals(List.of(), offences(source), source);
    }

    private static List<String> offences(String text) {
        String source = Pattern.compile("^\\s*//.*$", Pattern.MULTILINE).matcher(text).replaceAll("");
        List<String> found = new ArrayList<>();
        Matcher literal = LITERAL.matcher(source);
        while (literal.find()) {
            boolean formatted = source.substring(literal.end()).matches("(?s)\\s*\\)?\\s*\\.formatted\\(.*");
            if (formatted && NUMBER.matcher(literal.group()).find()) {
                found.add(literal.group());
            }
        }
        for (Pattern forbidden : List.of(BARE, CASE)) {
            Matcher match = forbidden.matcher(source);
            while (match.find()) {
                found.add(source.substring(match.start(), Math.min(source.length(), match.end() + 30)));
            }
        }
        return found;
    }
}
