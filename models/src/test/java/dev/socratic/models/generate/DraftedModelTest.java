package dev.socratic.models.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.Constraint;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Limits;
import dev.socratic.core.text.Penalties;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.text.BpeTrainer;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.TokenizerFolder;
import dev.socratic.models.text.TokenizerRecipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model that a smaller one drafts for says what it says alone.
class DraftedModelTest {
    private static final int CONTEXT = 96;

    @TempDir
    static Path folder;

    private static Path small;
    private static LocalModel plain;
    private static LocalModel drafted;

    @BeforeAll
    static void bothModels() throws Exception {
        Engines.threads(1);
        Path large = Files.createDirectories(folder.resolve("large"));
        small = Files.createDirectories(folder.resolve("small"));
        SmallModel.write(large, 320, CONTEXT);
        SmallModel.write(small, 320, CONTEXT);
        ModelConfig config;
        try (NDManager manager = Engines.manager(); Decoder same = Decoder.load(small, manager);
                Decoder other = Decoder.random(ModelConfig.llama(320, 16, 1, 2, 2, 32, CONTEXT, true,
                        same.config().special()).withInitializerRange(0.3), 3, manager)) {
            other.save(small, DType.F32);
        }
        plain = LocalModel.open(large, 8, ChatTemplate.DAY, Compute.CPU);
        drafted = LocalModel.open(large, 8, ChatTemplate.DAY, Compute.CPU).draftedBy(small, 4, Compute.CPU);
    }

    @AfterAll
    static void closed() {
        plain.close();
        drafted.close();
    }

    private static GenerationRequest ask(String text, GenerationParameters parameters, long seed) {
        return new GenerationRequest(text, List.of(ChatMessage.user(text)), parameters, seed);
    }

    private static GenerationParameters with(Sampling sampling, Limits limits, Optional<Constraint> constraint) {
        return new GenerationParameters(sampling, 40, List.of(), limits, "", constraint);
    }

    @Test
    void greedyAnswersAreThoseWithoutADraft() throws Exception {
        List<GenerationRequest> unit = IntStream.range(0, 8).mapToObj(i -> ask("Tom has " + "apples ".repeat(i) + i,
                new GenerationParameters(Sampling.GREEDY, 5 + 20 * i, i == 3 ? List.of("a") : List.of()), i)).toList();
        assertEquals(plain.generate(unit), drafted.generate(unit));
    }

    /// Some drafted, some not: none of them changes what another draws.
    @Test
    void anAnswerIsWhatItIsAloneWhateverIsBesideIt() throws Exception {
        Sampling hot = new Sampling(0.8, 0.95);
        List<GenerationParameters> ways = List.of(
                with(hot, Limits.NONE, Optional.empty()),
                with(new Sampling(0.8, 0.9, 9, 0, 1, new Penalties(1.2, 0.1, 0), Map.of()), Limits.NONE,
                        Optional.empty()),
                with(hot, Limits.NONE, Optional.of(new Constraint.Regex("(?:ab|cd){3,9}"))),
                with(hot, new Limits(7, List.of(), Optional.empty()), Optional.empty()),
                with(Sampling.GREEDY, Limits.NONE, Optional.empty()));
        List<GenerationRequest> unit = IntStream.range(0, 5).mapToObj(i -> ask("Tom has " + i, ways.get(i), i)).toList();
        List<GenerationOutcome> together = drafted.generate(unit);
        for (int i = 0; i < 5; i++) {
            assertEquals(drafted.generate(unit.subList(i, i + 1)).getFirst(), together.get(i));
        }
        assertTrue(((Completion) together.get(2)).text().matches("(?:ab|cd){3,9}"));
        assertEquals(plain.generate(unit.subList(4, 5)).getFirst(), together.get(4));
    }

    @Test
    void howMuchStoodIsNoted() throws Exception {
        assertEquals(Map.of(), plain.notes());
        drafted.generate(List.of(ask("Tom", GenerationParameters.greedy(30), 0)));
        assertTrue((long) drafted.notes().get("draft_tokens") > 20);
        double share = (double) drafted.notes().get("draft_accepted_share");
        assertTrue(share >= 0 && share < 0.5, "a stranger: " + share);
        try (LocalModel own = LocalModel.open(folder.resolve("large"), 8, ChatTemplate.DAY, Compute.CPU)
                .draftedBy(folder.resolve("large"), 4, Compute.CPU)) {
            own.generate(List.of(ask("Tom", GenerationParameters.greedy(30), 0)));
            assertEquals(1.0, own.notes().get("draft_accepted_share"));
        }
        assertNotEquals(plain.card().place(), drafted.card().place(), "sampled answers are others");
    }

    /// Watched, so that each is told in pieces.
    @Test
    void answersThatComeAndGoAreThoseWithoutADraft() throws Exception {
        List<GenerationRequest> unit = IntStream.range(0, 6).mapToObj(i -> ask("Tom has " + i,
                new GenerationParameters(Sampling.GREEDY, 60), i)).toList();
        List<GenerationOutcome> wanted = plain.generate(unit);
        List<String> texts = new ArrayList<>();
        List<String> pieces = new ArrayList<>();
        try (Writing writing = drafted.writing()) {
            for (GenerationRequest request : unit) {
                writing.join(assertInstanceOf(LiveModel.Ready.class, drafted.read(new Prompt.Chat(request.messages()),
                        request.parameters(), request.seed())), new Watcher() {
                            @Override
                            public boolean watches() {
                                return true;
                            }

                            @Override
                            public void wrote(String piece) {
                                pieces.add(piece);
                            }

                            @Override
                            public void done(Completion completion, long[] tokens) {
                                texts.add(completion.text());
                            }
                        });
                writing.advance();
                writing.advance();
            }
            while (writing.open() > 0) {
                writing.advance();
            }
        }
        assertEquals(wanted.stream().map(one -> ((Completion) one).text()).sorted().toList(),
                texts.stream().sorted().toList());
        assertTrue(pieces.size() > 20);
    }

    @Test
    void whoeverHasAnotherTokenizerCannotDraft(@TempDir Path other) throws Exception {
        SmallModel.write(other, 320, CONTEXT);
        TokenizerFolder.write(BpeTrainer.train(TokenizerRecipe.embedded(300),
                Stream.of("Ann sells pears, plums and cherries at the market.")), other);
        try (LocalModel model = LocalModel.open(folder.resolve("large"), 8, ChatTemplate.DAY, Compute.CPU)) {
            String refusal = assertThrows(DataException.class, () -> model.draftedBy(other, 4, Compute.CPU))
                    .getMessage();
            assertTrue(refusal.matches("draft: a model with the same tokenizer; got .*, whose token [0-9]+ is '.*' and "
                    + "not '.*'; take a student with its teacher's tokenizer"), refusal);
        }
    }
}
