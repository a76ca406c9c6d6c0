package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.cli.console.ExitCode;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SizeCommandTest {
    @TempDir
    Path folder;

    private Shell.Result size(String... more) {
        return new Shell(folder, Map.of()).run(Stream.concat(Stream.of("size", "--student", "0.5B", "--memory", "16GB",
                "--set", "max_seq=512"), Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void momentsOnTheDiskAreOfferedForAProcessorAlone() {
        Shell.Result processor = size();
        assertEquals(ExitCode.DONE, processor.code(), processor::toString);
        assertTrue(processor.out().contains("optimizer_state: disk"), processor::toString);
        assertEquals("reckoned for a processor; of a GPU write --memory-of cuda too\n", processor.err());
        for (String[] gpu : new String[][] {{"--memory-of", "cuda"}, {"--set", "device=cuda:1"}}) {
            Shell.Result one = size(gpu);
            assertEquals(ExitCode.DONE, one.code(), one::toString);
            assertFalse(one.out().contains("optimizer_state: disk"), one::toString);
            assertEquals("", one.err());
        }
    }

    @Test
    void whatAGpuCannotDoIsRefusedAsATrainingRefusesIt() {
        Shell.Result refused = size("--memory-of", "cuda", "--set", "memory.optimizer_state=disk");
        assertEquals(ExitCode.USAGE, refused.code(), refused::toString);
        assertEquals("socratic: memory.optimizer_state: device, where a GPU changes the weights; got disk; leave it "
                + "out, or write optimizer: {method: {adamw8bit: {}}}\n", refused.err());
        assertEquals("socratic: --memory-of: auto, cpu, cuda, cuda:N, several with commas or cuda:all; got 'tpu'; leave it "
                + "out to take what is there\n", size("--memory-of", "tpu").err());
    }
}
