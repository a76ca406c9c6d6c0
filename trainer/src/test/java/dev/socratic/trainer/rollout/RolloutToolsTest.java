package dev.socratic.trainer.rollout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.TinyModel;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.objective.Rollout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolloutToolsTest {
    private static final Rollout.Tools CALCULATOR = new Rollout.Tools(List.of(Rollout.Builtin.CALCULATOR), 2);

    private static final String CALL =
            "<tool_call>{\"name\": \"calculator\", \"arguments\": {\"expression\": \"(48 + 2) / 4\"}}</tool_call>";

    @TempDir
    Path folder;

    private static TinyModel model() {
        return new TinyModel().rows(262).added("<|endoftext|>", "<|im_start|>", "<|im_end|>",
                CALL)
                .says("eos_token", "<|endoftext|>").template("{# <tool_call> #}" + TinyModel.CHATML);
    }

    @Test
    void aCallIsAnsweredByItsValueInTheTemplatesOwnWords() {
        Path at = model().write(folder.resolve("model"));
        try (Tokenizer tokenizer = Tokenizer.open(at)) {
            RolloutTools tools = RolloutTools.of(CALCULATOR, ChatTemplate.of(at), tokenizer);
            assertEquals(Optional.of("\n<|im_start|>tool\n25/2<|im_end|>\n<|im_start|>assistant\n"),
                    read(tools, tokenizer, CALL));
            assertEquals(Optional.of(
                    "\n<|im_start|>tool\nerror: an arithmetic expression under 'expression'; got 'x y'\n"
                    + "error: no tool 'search'; there is [calculator]\n"
                    + "error: a call is an object of JSON with name and arguments<|im_end|>\n<|im_start|>assistant\n"),
                    read(tools, tokenizer, "<tool_call>{\"name\": \"calculator\", \"arguments\": {\"expression\": "
                            + "\"x y\"}}</tool_call> <tool_call>{\"name\": \"search\"}</tool_call>"
                            + "<tool_call>{</tool_call>"));
            assertEquals(Optional.empty(), read(tools, tokenizer, "It is 12."));
        }
    }

    private static Optional<String> read(RolloutTools tools, Tokenizer tokenizer, String turn) {
        return tools.results(tokenizer.encode(turn + "<|im_end|>")).map(ids -> tokenizer.decode(ids, false));
    }

    /// A student that writes a call, ends its turn, and so on: whichever token came last, the other follows.
    @Test
    void resultsAreReadAndNoPartOfTheLossAndTheAnswerGoesOnBehindThem() {
        Path at = model().write(folder.resolve("caller"));
        try (Tokenizer tokenizer = Tokenizer.open(at); var manager = Engines.manager();
                Decoder decoder = Decoder.load(at, manager)) {
            RolloutTools tools = RolloutTools.of(CALCULATOR, ChatTemplate.of(at), tokenizer);
            long call = 259;
            long end = 258;
            // whatever the weights say, two tokens are possible
            Sampling two = ConfigReader.read("temperature: 1\nlogit_bias: {%s: 100, %s: 100}".formatted(call, end), "s",
                    Sampling.class);
            Sampler sampler = new Sampler(two, 9, 1, new long[] {end}, 200, 1000, true, Optional.empty(),
                    Optional.of(tools));
            TokenRow asked = new TokenRow(new int[] {65, 66, 67}, new boolean[] {false, false, true});
            List<TokenRow> rows = IntStream.range(0, 8).mapToObj(seed -> sampler.sample(
                    List.of(MicroBatch.of(List.of(asked))), decoder, new long[] {seed}).getFirst().getFirst()).toList();
            TokenRow called = rows.stream().filter(row -> Arrays.stream(row.ids()).filter(id -> id == end).count() > 2)
                    .findFirst().orElseThrow(() -> new AssertionError("no answer with a result in it"));
            String text = tokenizer.decode(Arrays.stream(called.ids()).asLongStream().toArray(), false);
            int result = text.indexOf("\n<|im_start|>tool\n25/2");
            assertEquals(true, result > 0, text);
            int[] learned = IntStream.range(0, called.ids().length).filter(i -> called.lossMask()[i])
                    .map(i -> called.ids()[i]).distinct().sorted().toArray();
            assertArrayEquals(new int[] {(int) end, (int) call}, learned, "only what it wrote is learned");
            assertEquals(called.lossTokens(), called.oldLogProbs().orElseThrow().length);
            assertEquals(true, called.lossTokens() <= 9);
        }
    }

    @Test
    void aTemplateWithoutCallsIsRefused() {
        Path at = new TinyModel().added("<|im_start|>", "<|im_end|>").template(TinyModel.CHATML)
                .write(folder.resolve("plain"));
        try (Tokenizer tokenizer = Tokenizer.open(at)) {
            ConfigException refused = assertThrows(ConfigException.class,
                    () -> RolloutTools.of(CALCULATOR, ChatTemplate.of(at), tokenizer));
            assertEquals("rollout.student.tools: a student whose chat template has calls written as "
                    + "<tool_call>{..}</tool_call>; got a template that shows none; leave tools out, or take a student "
                    + "that was taught to call them", refused.getMessage());
        }
    }
}
