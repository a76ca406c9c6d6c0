package dev.socratic.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The files of the page, without a browser: all there, nothing from elsewhere, nothing that makes elements of texts.
class PageResourcesTest {
    private static final String PAGE = "/dev/socratic/review/page/";
    private static final String KATEX = "/META-INF/resources/webjars/katex/0.18.11/dist/";

    private static List<Path> files() {
        try (Stream<Path> files = Files.list(Path.of(PageResourcesTest.class.getResource(PAGE).toURI()))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> found(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void noFileNamesAnAddressOutside() {
        for (Path file : files()) {
            Set<String> outside = found(read(file), "((?:https?:)?//[a-zA-Z0-9][a-zA-Z0-9.-]*\\.[a-z]{2,}[^\\s\"'`)]*)");
            outside.remove("http://www.w3.org/2000/svg"); // a name, never fetched
            assertEquals(Set.of(), outside, file.toString());
        }
    }

    @Test
    void everyFileThatIsNamedIsThere() {
        int named = 0;
        for (Path file : files()) {
            Set<String> names = found(read(file), "(?:from |import\\(|URL\\()\"\\./([^\"]+)\"");
            if (file.toString().endsWith(".html")) {
                names.addAll(found(read(file), "(?:src|href)=\"([^\"#:]+)\""));
            }
            named += names.size();
            for (String name : names) {
                String place = name.startsWith("katex/") ? KATEX + name.substring(6) : PAGE + name;
                assertNotNull(PageResourcesTest.class.getResource(place), file + " names " + name);
            }
        }
        assertTrue(named > 40, "names found: " + named);
    }

    @Test
    void everyElementThatIsAskedForByItsIdIsThere() {
        String all = files().stream().map(PageResourcesTest::read).collect(Collectors.joining("\n"));
        Set<String> there = found(all, "\\bid(?:=|: )\"([\\w-]+)\"");
        Set<String> asked = found(all, "\\$\\(\"([\\w-]+)\"\\)");
        asked.removeAll(there);
        assertEquals(Set.of(), asked);
    }

    @Test
    void noTextIsParsedAsHtmlAndNothingIsWrittenIntoTheMarkup() {
        for (Path file : files()) {
            assertEquals(Set.of(), found(read(file), "(innerHTML|outerHTML|insertAdjacentHTML|document\\.write|DOMParser"
                    + "|createContextualFragment|\\beval\\(|new Function|setHTMLUnsafe|srcdoc)"), file.toString());
            if (file.toString().endsWith(".html")) {
                assertEquals(Set.of(), found(read(file), "<[^>]*\\s(on\\w+|style)="), file.toString());
                assertEquals(Set.of(""), found(read(file), "(?s)<script[^>]*>(.*?)</script>"), file.toString());
            }
        }
    }
}
