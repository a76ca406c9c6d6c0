package dev.socratic.review.decide;

import dev.socratic.core.error.DataException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Json;
import dev.socratic.curator.review.ReviewAction;
import dev.socratic.curator.review.ReviewLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;

/// The file of what people decided: lines are appended and forced to the disk before anybody is told that they hold,
/// and
/// no line is ever changed. A process killed within a line leaves its beginning; the next one puts that aside, into
/// `decisions.torn`, says so, and goes on behind the last whole line.
final class ReviewJournal implements AutoCloseable {
    private static final String TORN = "decisions.torn";

    private final Path file;
    private final FileChannel channel;

    private ReviewJournal(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// @param log     receives what the file holds
    /// @param notices what a person should know
    static ReviewJournal open(Path folder, ReviewLog log, Consumer<String> notices) {
        Path file = folder.resolve(ReviewLog.FILE);
        ReviewLog.Reading found = log.read(file);
        if (!found.bad().isEmpty()) {
            notices.accept(("%s: lines that hold a decision; got %s that hold none, the first at line %s; they stay "
                    + "as they ")
                    .formatted(file, found.bad().size(), found.bad().getFirst()) + "are and count for nothing");
        }
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.size() > found.good()) {
                    setAside(folder.resolve(TORN), found.torn());
                    channel.truncate(found.good());
                    channel.force(true);
                    notices.accept(("%s: whole lines; got a last one without its end, as a kill leaves it; what "
                            + "there was of ")
                            .formatted(file) + "it lies in " + TORN + "; decide that row again");
                }
                channel.position(found.good());
                AtomicFiles.syncFolder(folder);
                return new ReviewJournal(file, channel);
            } catch (IOException | RuntimeException failed) {
                channel.close();
                throw failed;
            }
        } catch (IOException e) {
            throw IoProblems.writing(file, e);
        }
    }

    private static void setAside(Path torn, String text) throws IOException {
        Files.writeString(torn, text + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /// @param lines of one action; on the disk when this returns
    /// @throws DataException if the disk is full; then none of them is there
    void append(List<ReviewAction> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(Json.line(line)).append('\n'));
        ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
        long begin = -1;
        try {
            begin = channel.position();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        } catch (IOException e) {
            takeBack(begin);
            throw IoProblems.writing(file, e);
        }
    }

    private void takeBack(long begin) {
        try {
            if (begin >= 0) {
                channel.truncate(begin);
            }
        } catch (IOException e) {
            // the next start puts the torn line aside
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw IoProblems.writing(file, e);
        }
    }
}
