package dev.socratic.trainer.run.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.models.engine.Engines;
import dev.socratic.trainer.data.BatchStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A checkpoint whose writing is stopped at any moment costs none of those before it.
class CheckpointStoreTest {
    @TempDir
    Path folder;

    private final NDManager manager = Engines.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    private static TrainState at(long step) {
        return TrainState.START.after(step, step, step, false, BatchStream.Position.START);
    }

    private Map<String, NDArray> arrays(float value) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        for (String name : List.of("a", "b", "c")) {
            arrays.put(name, manager.full(new Shape(40, 100), value)); // 16 kB
        }
        arrays.put("codes", manager.full(new Shape(300), (int) value, DataType.UINT8));
        return arrays;
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private void goesOnFrom(CheckpointStore store, long step) {
        List<String> notes = new ArrayList<>();
        assertEquals(Optional.of(step), store.newest(notes::add).map(TrainState::step));
        assertEquals(List.of(), notes);
        Map<String, NDArray> read = arrays(0);
        store.restore(read, arrays(0), manager);
        assertEquals(step, read.get("c").toFloatArray()[3999]);
        assertArrayEquals(new int[] {(int) step, (int) step}, new int[] {
            read.get("codes").toUint8Array()[0], read.get("codes").toUint8Array()[299]});
    }

    @Test
    void whereverWritingEndsTheCheckpointBeforeIsWhole() throws IOException {
        CheckpointStore store = new CheckpointStore(folder, "0123456789", 2);
        store.save(at(1), arrays(1), arrays(1));
        for (boolean inWeights : new boolean[] {true, false}) {
            for (String name : List.of("a", "b", "c", "codes")) {
                Map<String, NDArray> weights = arrays(2);
                Map<String, NDArray> moments = arrays(2);
                (inWeights ? weights : moments).get(name).close();
                assertThrows(IllegalStateException.class, () -> store.save(at(2), weights, moments));
                goesOnFrom(store, 1);
            }
        }
        store.save(at(2), arrays(2), arrays(2));
        goesOnFrom(store, 2);
        assertEquals(List.of("step_00000001", "step_00000002"), names(folder));
    }

    /// A real disk that is full at every page of it, where this user may mount one.
    @Test
    void aFullDiskSaysFromWhereTheRunGoesOnAndTakesNothing() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", disk.toString())
                .redirectErrorStream(true).start().waitFor() == 0, "needs a user who may mount a small file system");
        try {
            Path checkpoints = disk.resolve("checkpoints");
            CheckpointStore store = new CheckpointStore(checkpoints, "0123456789", 2);
            store.save(at(1), arrays(1), arrays(1));
            int failed = 0;
            for (int filled = 190; filled >= 0; filled -= 10) {
                Path ballast = Files.write(disk.resolve("ballast"), new byte[filled << 10]);
                try {
                    store.save(at(2), arrays(2), arrays(2));
                    break;
                } catch (RetryLaterException full) {
                    failed++;
                    assertTrue(full.getMessage().endsWith(": room to write; got No space left on device; free some "
                            + "space and run the same command again: it goes on where it stopped, behind "
                            + "step_00000001, which is whole"), full.getMessage());
                    assertEquals(List.of("step_00000001"), names(checkpoints), "what there was of it went");
                    goesOnFrom(store, 1);
                }
                Files.delete(ballast);
            }
            assertTrue(failed > 5 && failed < 20, "failed %s times".formatted(failed));
            goesOnFrom(store, 2);
        } finally {
            new ProcessBuilder("umount", disk.toString()).start().waitFor();
        }
    }

    @Test
    void aFirstCheckpointThatFindsNoRoomSaysThatTheRunBeginsAnew() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("small"));
        assumeTrue(new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=40k", "tmpfs", disk.toString())
                .redirectErrorStream(true).start().waitFor() == 0, "needs a user who may mount a small file system");
        try {
            CheckpointStore store = new CheckpointStore(disk, "0123456789", 2);
            assertTrue(assertThrows(RetryLaterException.class, () -> store.save(at(1), arrays(1), arrays(1)))
                    .getMessage().endsWith("; there is no checkpoint yet, so it begins anew"));
            assertFalse(store.newest(note -> { }).isPresent());
        } finally {
            new ProcessBuilder("umount", disk.toString()).start().waitFor();
        }
    }

    @Test
    void theBestCheckpointStaysHoweverManyFollow() throws IOException {
        CheckpointStore store = new CheckpointStore(folder, "0123456789", 1);
        Selection best = Selection.NONE.after(2, 0.5, true, Optional.empty());
        store.save(at(1), arrays(1), arrays(1));
        store.save(at(2).with(best), arrays(2), arrays(2));
        store.save(at(3).with(best), arrays(3), arrays(3));
        store.save(at(4).with(best), arrays(4), arrays(4));
        assertEquals(List.of("step_00000002", "step_00000004"), names(folder));
        Map<String, NDArray> read = arrays(0);
        store.restoreBest(2, read, arrays(0), manager);
        assertEquals(2, read.get("a").toFloatArray()[0]);
    }
}
