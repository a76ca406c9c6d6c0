package dev.socratic.trainer.teacher;

import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a served teacher was asked in a run, begun and gone on with: kept beside the student, so that what was paid
/// before a run was stopped is counted too. Like times, it is no part of what a repeated run must equal.
public final class TeacherUse {
    /// Its name in the student's folder.
    public static final String FILE = "teacher_use.json";

    private final Path file;
    private Total total;

    /// @param requests that were answered
    /// @param rows     in them
    /// @param tokens   that the teacher read
    public record Total(long requests, long rows, long tokens) {
        /// @param price USD a million tokens
        public double usd(double price) {
            return tokens * price / 1e6;
        }
    }

    /// @param folder the student's
    public TeacherUse(Path folder) {
        this.file = folder.resolve(FILE);
        this.total = Files.isRegularFile(file) ? Json.read(file, Total.class) : new Total(0, 0, 0);
    }

    /// Counts a request that was answered.
    synchronized void add(int rows, long tokens) {
        total = new Total(total.requests() + 1, total.rows() + rows, total.tokens() + tokens);
        AtomicFiles.write(file, Json.pretty(total));
    }

    /// @return so far
    public synchronized Total total() {
        return total;
    }
}
