package dev.socratic.eval.code;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.json.Json;
import dev.socratic.core.sandbox.check.CodeJudge;
import dev.socratic.core.sandbox.check.CodeTests;
import dev.socratic.core.sandbox.check.CodeVerdict;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A sandbox, asked as a model that writes: a program with its tests is a request, the verdict its answer, in JSON. So
/// verdicts are kept in the run folder as answers are: none is made twice, and a run that was killed goes on. Another
/// interpreter, another isolation or another limit makes another verdict.
///
/// @param judge   that makes them
/// @param atOnce  programs that run together
public record ProgramRuns(CodeJudge judge, int atOnce) implements TextModel {
    private static final String PROGRAM = "program";
    private static final String STATEMENTS = "tests";
    private static final String INPUT = "input";
    private static final String EXPECTED = "expected";

    /// @param id of the document and the answer
    public static GenerationRequest request(String id, String program, CodeTests tests) {
        List<ChatMessage> parts = new ArrayList<>(List.of(new ChatMessage(PROGRAM, program)));
        switch (tests) {
            case CodeTests.Statements statements -> parts.add(new ChatMessage(STATEMENTS, statements.text()));
            case CodeTests.Pairs pairs -> pairs.pairs().forEach(pair -> {
                parts.add(new ChatMessage(INPUT, pair.input()));
                parts.add(new ChatMessage(EXPECTED, pair.expected()));
            });
        }
        return new GenerationRequest(id, parts, GenerationParameters.greedy(1), 0);
    }

    /// @param answer to such a request
    public static CodeVerdict read(String answer) {
        JsonNode read = Json.foreign(answer, "a kept verdict");
        return new CodeVerdict(CodeVerdict.Outcome.valueOf(read.path("outcome").asText().toUpperCase(Locale.ROOT)),
                read.path("passed").asInt(), read.path("of").asInt(), read.path("detail").asText());
    }

    @Override
    public ModelCard card() {
        return new ModelCard("sandbox", "sandbox:" + judge.interpreter().language().name(), judge.shape(), 0, 1,
                atOnce, false);
    }

    @Override
    public List<GenerationOutcome> generate(List<GenerationRequest> requests) throws InterruptedException {
        List<GenerationOutcome> outcomes = new ArrayList<>();
        for (GenerationRequest request : requests) {
            outcomes.add(run(request));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return outcomes;
    }

    private GenerationOutcome run(GenerationRequest request) {
        List<ChatMessage> parts = request.messages();
        List<CodeTests.Pair> pairs = new ArrayList<>();
        for (int i = 1; i + 1 < parts.size(); i += 2) {
            pairs.add(new CodeTests.Pair(parts.get(i).content(), parts.get(i + 1).content()));
        }
        CodeTests tests = parts.size() == 2 ? new CodeTests.Statements(parts.get(1).content())
                : new CodeTests.Pairs(pairs);
        try {
            String verdict = Json.line(judge.of(parts.getFirst().content(), tests).json());
            return new Completion(request.id(), verdict, Optional.empty(), FinishReason.STOP, Usage.NONE);
        } catch (RetryLaterException notBegun) {
            return new GenerationOutcome.Failure(request.id(), notBegun.getMessage(), true);
        }
    }

    @Override
    public Usage most(GenerationRequest request) {
        return Usage.NONE;
    }

    @Override
    public List<ContinuationScore> score(List<ScoreRequest> requests) {
        throw new UnsupportedOperationException("a sandbox scores no text");
    }

    /// The sandbox is closed by whoever opened it.
    @Override
    public void close() {}
}
