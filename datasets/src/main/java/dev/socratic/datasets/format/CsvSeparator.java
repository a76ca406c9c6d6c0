package dev.socratic.datasets.format;

import dev.socratic.core.error.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What separates cells, where the name of a file does not fit its content: spreadsheets of many countries write `;`
/// into `.csv`.
final class CsvSeparator {
    private static final List<Character> OTHERS = List.of(',', '\t', ';', '|');
    /// How far a header is looked at, in bytes.
    private static final int LOOK = 1 << 16;
    private static final Pattern SAYS = Pattern.compile("sep=(.)", Pattern.CASE_INSENSITIVE);

    private CsvSeparator() {}

    /// @param named what the file's name says
    /// @return that, or, where it does not occur in the header, the first other one that does; what a line `sep=;`
    ///     says goes before
    static char of(CsvRecords records, char named) throws IOException {
        List<String> lines = new String(records.ahead(LOOK), StandardCharsets.UTF_8).lines()
                .filter(line -> !line.isBlank()).toList();
        if (lines.isEmpty()) {
            return named;
        }
        return says(lines.getFirst()).orElseGet(() -> occurs(lines.getFirst(), named) ? named
                : OTHERS.stream().filter(other -> occurs(lines.getFirst(), other)).findFirst().orElse(named));
    }

    private static boolean occurs(String line, char separator) {
        boolean quoted = false;
        for (char c : line.toCharArray()) {
            quoted ^= c == '"';
            if (c == separator && !quoted) {
                return true;
            }
        }
        return false;
    }

    /// @return what a line says that Excel writes before the header: `sep=;`
    static Optional<Character> says(String line) {
        Matcher says = SAYS.matcher(line);
        return says.matches() ? Optional.of(says.group(1).charAt(0)) : Optional.empty();
    }

    /// Passes over a byte order mark.
    ///
    /// @throws DataException if it is one of another encoding
    static void skipMark(CsvRecords records, String file) throws IOException {
        byte[] start = records.ahead(3);
        if (Arrays.equals(start, new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF})) {
            records.skip(start.length);
        } else if (start.length > 1 && (start[0] == -1 && start[1] == -2 || start[0] == -2 && start[1] == -1)) {
            throw new DataException(file, "text in UTF-8", "UTF-16", "save it as CSV in UTF-8");
        }
    }
}
