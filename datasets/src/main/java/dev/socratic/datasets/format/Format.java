package dev.socratic.datasets.format;

import dev.socratic.core.error.DataException;
import java.nio.file.Path;
import java.util.Locale;

/// How rows stand in a file.
public enum Format {
    /// One JSON object a line. Of this and the next the content says which it is ([JsonShape]).
    JSONL,
    /// One JSON array of objects, or objects one behind the other.
    JSON,
    /// Comma-separated values (RFC 4180) with a header line; `.tsv` with tabs.
    CSV,
    /// Apache Parquet.
    PARQUET;

    /// @param file a file name; `.gz` after `.jsonl`, `.json`, `.csv` and `.tsv` says that it is compressed
    /// @throws DataException if the name says nothing
    public static Format of(Path file) {
        String name = plainName(file);
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            return JSONL;
        }
        if (name.endsWith(".json")) {
            return JSON;
        }
        if (name.endsWith(".csv") || name.endsWith(".tsv")) {
            return CSV;
        }
        if (name.endsWith(".parquet")) {
            return PARQUET;
        }
        throw new DataException(
                file.toString(),
                "a file of rows: .jsonl, .json, .csv, .tsv (also with .gz) or .parquet",
                "\"" + file.getFileName() + "\"",
                "rename it after what it holds");
    }

    static boolean isCompressed(Path file) {
        return lowerName(file).endsWith(".gz");
    }

    static boolean isTabbed(Path file) {
        return plainName(file).endsWith(".tsv");
    }

    private static String plainName(Path file) {
        String name = lowerName(file);
        return name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    }

    private static String lowerName(Path file) {
        return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    }
}
