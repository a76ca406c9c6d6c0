package dev.socratic.trainer.logits;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.config.Default;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a store says about itself, `header.json`.
///
/// @param format     of the files, [#FORMAT]
/// @param provenance whose distributions they are
/// @param data       hash of the rows' files
/// @param precision  number format the teacher computed in, [#SERVED] where that is not known here
/// @param vocab      width of a distribution: ids the tokenizer knows, without padded rows of the embedding
/// @param threads    of the teacher's arithmetic, on which its last digits depend; 0 where others computed, and in a
///                   store made before this was written down
/// @param capture    how it was made
public record StoreHeader(int format, Provenance provenance, String data, String precision, int vocab,
        @Default("0") int threads, CaptureConfig capture) {
    public static final int FORMAT = 1;
    public static final String SERVED = "served";
    static final String REMEDY = "the file was changed: put it back as it was, or delete the folder and capture again";
    static final String NAME = "header.json";

    /// @throws DataException if the folder is no store of this version
    public static StoreHeader read(Path folder) {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            throw new DataException(folder.toString(), "a store of teacher distributions", "a folder without " + NAME,
                    "make one with: socratic logits --teacher MODEL --data FILE --out " + folder);
        }
        StoreHeader header;
        try {
            header = ConfigReader.read(file, StoreHeader.class);
        } catch (ConfigException broken) {
            // not written by the user, so nothing they can write differently
            throw new DataException(broken.problems());
        }
        if (header.format != FORMAT) {
            throw new DataException(file.toString(), "format %s".formatted(FORMAT), "%s".formatted(header.format),
                    "capture it again with this version, or read it with the one that wrote it");
        }
        if (header.vocab < 2 || header.capture.maxSeq().isEmpty()) {
            throw new DataException(file + (header.vocab < 2 ? ": vocab" : ": capture.max_seq"),
                    header.vocab < 2 ? "how many tokens a distribution is over" : "the longest row of the store",
                    header.vocab < 2 ? "%s".formatted(header.vocab) : "nothing", REMEDY);
        }
        return header;
    }

    public static boolean existsIn(Path folder) {
        return Files.exists(folder.resolve(NAME));
    }

    public void write(Path folder) {
        AtomicFiles.write(folder.resolve(NAME), Json.pretty(ConfigWriter.tree(this)));
    }

    static String hash(Path folder) {
        read(folder);
        return Hashes.ofFile(folder.resolve(NAME));
    }

    /// @return tokenizer and template where a student's folder has others than the store was made with
    public List<Problem> tokenizerMismatches(Path folder, Path student) {
        List<Problem> problems = new ArrayList<>();
        String mine =
                "capture a new store with it, or give the student the teacher's: tokenizer: {folder: {path: "
                        + "<teacher>}}";
        check(problems, folder, "tokenizer", provenance.tokenizer(), Provenance.tokenizer(student), mine);
        check(problems, folder, "template", provenance.template(), Provenance.template(student), mine);
        return problems;
    }

    /// @return the teacher, where another is named
    public List<Problem> teacherMismatch(Path folder, Path named) {
        List<Problem> problems = new ArrayList<>();
        check(problems, folder, "teacher", provenance.teacher(), Provenance.weights(named),
                "name that teacher or none, or capture a new store into another folder");
        return problems;
    }

    /// @throws DataException naming each of teacher, tokenizer and template that is another one
    public void requireSame(Path folder, Provenance expected) {
        List<Problem> problems = new ArrayList<>();
        String other = "name that {}, or capture a new store into another folder";
        check(problems, folder, "teacher", provenance.teacher(), expected.teacher(), other.replace("{}", "teacher"));
        check(problems, folder, "tokenizer", provenance.tokenizer(), expected.tokenizer(),
                other.replace("{}", "tokenizer"));
        check(problems, folder, "template", provenance.template(), expected.template(),
                other.replace("{}", "template"));
        if (!problems.isEmpty()) {
            throw new DataException(problems);
        }
    }

    private static void check(List<Problem> problems, Path folder, String what, String stored, String expected,
            String remedy) {
        if (!stored.equals(expected)) {
            problems.add(
                    new Problem(folder + ": " + what, "the one the store was made with, " + abbreviated(stored),
                            abbreviated(expected),
                    remedy));
        }
    }

    /// Hashes are shown as far as they are needed to tell them apart, addresses whole.
    static String abbreviated(String hash) {
        return hash.length() > 12 && hash.indexOf(':') < 0 ? hash.substring(0, 12) : hash;
    }
}
