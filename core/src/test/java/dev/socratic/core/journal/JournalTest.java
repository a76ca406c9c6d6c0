package dev.socratic.core.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.DataException;
import dev.socratic.core.error.RetryLaterException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final String REMEDY =
            "restore the file from a copy, or move the journal's files away to run the stage from its start";

    @TempDir Path folder;

    @Test
    void whatWasAppendedIsReplayedInOrder() {
        try (Journal journal = Journal.open(folder, "answers")) {
            journal.append(bytes("one"));
            journal.append(bytes(""));
            journal.appendLater(bytes("three"));
            assertEquals(List.of("one", "", "three"), records(journal));
        }
        try (Journal journal = Journal.open(folder, "answers")) {
            assertEquals(3, journal.size());
            assertEquals(Optional.empty(), journal.tornTail());
            journal.append(bytes("four"));
            assertEquals(List.of("one", "", "three", "four"), records(journal));
        }
    }

    /// Law: wherever the end of the file is cut, exactly the records that are whole are there, and the journal goes on.
    @Test
    void aTailCutAtAnyByteLosesOnlyTheRecordItCuts() throws IOException {
        List<String> written = List.of("first", "a second, longer one", "third");
        long[] ends = write(written);
        byte[] whole = Files.readAllBytes(segment(1));
        for (int length = 0; length <= whole.length; length++) {
            Files.write(segment(1), Arrays.copyOf(whole, length));
            int survivors = survivors(ends, length);
            try (Journal journal = Journal.open(folder, "answers")) {
                assertEquals(written.subList(0, survivors), records(journal), "cut at " + length);
                long from = survivors == 0 && length < Frame.SEGMENT_HEADER ? 0 : ends[survivors];
                Optional<TornTail> torn = from == length
                        ? Optional.empty()
                        : Optional.of(new TornTail(segment(1), from, length - from));
                assertEquals(torn, journal.tornTail(), "cut at " + length);
                journal.append(bytes("after"));
            }
            try (Journal journal = Journal.open(folder, "answers")) {
                assertEquals("after", records(journal).getLast());
                assertEquals(survivors + 1, journal.size());
            }
        }
    }

    @Test
    void whatWasCutOffIsToldInOneLine() throws IOException {
        long[] ends = write(List.of("first", "second"));
        Files.write(segment(1), Arrays.copyOf(Files.readAllBytes(segment(1)), (int) ends[2] - 1));
        try (Journal journal = Journal.open(folder, "answers")) {
            assertEquals(
                    segment(1) + ": cut off 17 bytes at byte 33 of a record that was being written when the last "
                            + "run stopped",
                    journal.tornTail().orElseThrow().toString());
        }
    }

    /// Law: no bit can flip unnoticed, in the middle or at the end.
    @Test
    void everyFlippedBitIsRefusedWithFileAndOffset() throws IOException {
        long[] ends = write(List.of("first", "a second one", "third"));
        byte[] whole = Files.readAllBytes(segment(1));
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(segment(1), flipped);
            DataException e = assertThrows(DataException.class, () -> Journal.open(folder, "answers").close(),
                    "bit " + bit);
            int record = bit / 8 < Frame.SEGMENT_HEADER ? -1 : survivors(ends, bit / 8);
            String expected = record < 0
                    ? segment(1) + " at byte 0: the header of journal segment 1; got other bytes; " + REMEDY
                    : segment(1) + " at byte " + ends[record]
                            + ": a whole record; got one whose checksum does not match; " + REMEDY;
            assertEquals(expected, e.getMessage(), "bit " + bit);
        }
    }

    @Test
    void sectorsThatNeverReachedTheDiskAreATornTail() throws IOException {
        long[] ends = write(List.of("first", "x".repeat(3000)));
        byte[] whole = Files.readAllBytes(segment(1));
        Arrays.fill(whole, 1024, whole.length, (byte) 0);
        Files.write(segment(1), whole);
        try (Journal journal = Journal.open(folder, "answers")) {
            assertEquals(List.of("first"), records(journal));
            assertEquals(ends[1], journal.tornTail().orElseThrow().offset());
        }
    }

    @Test
    void aJournalGoesOnOverManySegments() throws IOException {
        List<String> written = IntStream.range(0, 500).mapToObj(i -> "record " + i).toList();
        try (Journal journal = Journal.open(folder, "answers", 200)) {
            written.forEach(record -> journal.appendLater(bytes(record)));
            journal.sync();
            assertEquals(written, records(journal));
        }
        assertTrue(Files.exists(segment(50)));
        try (Journal journal = Journal.open(folder, "answers", 200)) {
            assertEquals(written, records(journal));
        }
        Files.write(segment(7), Arrays.copyOf(Files.readAllBytes(segment(7)), 40));
        DataException cut = assertThrows(DataException.class, () -> Journal.open(folder, "answers"));
        assertEquals(segment(7) + " at byte 37: a whole record; got one cut short; " + REMEDY, cut.getMessage());
        Files.delete(segment(7));
        DataException gone = assertThrows(DataException.class, () -> Journal.open(folder, "answers"));
        assertEquals(segment(7) + ": this segment of the journal; got later ones without it; " + REMEDY,
                gone.getMessage());
    }

    @Test
    void manyThreadsAppendAtOnceAndNothingIsLostOrTwice() throws Exception {
        try (Journal journal = Journal.open(folder, "answers", 5_000);
                ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 16; thread++) {
                int own = thread;
                running.add(
                        threads.submit(() -> IntStream.range(0, 100)
                                .forEach(i -> journal.append(bytes(own + "/" + i)))));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        try (Journal journal = Journal.open(folder, "answers")) {
            List<String> all = records(journal);
            assertEquals(1600, all.size());
            assertEquals(1600, new TreeSet<>(all).size());
            for (int thread = 0; thread < 16; thread++) {
                String own = thread + "/";
                assertEquals(IntStream.range(0, 100).mapToObj(i -> own + i).toList(),
                        all.stream().filter(r -> r.startsWith(own)).toList());
            }
        }
    }

    @Test
    void anInterruptHurtsNothing() {
        try (Journal journal = Journal.open(folder, "answers")) {
            Thread.currentThread().interrupt();
            journal.append(bytes("one"));
            assertTrue(Thread.interrupted());
            journal.append(bytes("two"));
            assertEquals(List.of("one", "two"), records(journal));
        }
    }

    @Test
    void oneJournalHasOneWriter() {
        try (Journal journal = Journal.open(folder, "answers")) {
            RetryLaterException e = assertThrows(RetryLaterException.class, () -> Journal.open(folder, "answers"));
            assertEquals(
                    folder + ": to be the only one that writes here; got another run at work; wait until it has "
                            + "ended, or choose another folder", e.getMessage());
            Journal.open(folder, "others").close();
        }
        Journal.open(folder, "answers").close();
    }

    @Test
    void aClosedJournalTakesNothing() {
        Journal journal = Journal.open(folder, "answers");
        journal.close();
        journal.close();
        assertThrows(IllegalStateException.class, () -> journal.append(bytes("late")));
    }

    /// @return the offset where each record begins, and where the last one ends
    private long[] write(List<String> records) throws IOException {
        long[] ends = new long[records.size() + 1];
        try (Journal journal = Journal.open(folder, "answers")) {
            ends[0] = Files.size(segment(1));
            for (int i = 0; i < records.size(); i++) {
                journal.append(bytes(records.get(i)));
                ends[i + 1] = Files.size(segment(1));
            }
        }
        return ends;
    }

    private static int survivors(long[] ends, long length) {
        return (int) Arrays.stream(ends).skip(1).filter(end -> end <= length).count();
    }

    private Path segment(int number) {
        return folder.resolve(String.format(Locale.ROOT, "answers-%06d.journal", number));
    }

    static List<String> records(Journal journal) {
        List<String> all = new ArrayList<>();
        journal.replay(payload -> all.add(new String(payload, StandardCharsets.UTF_8)));
        return all;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
