package dev.socratic.eval.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.json.Json;
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
import dev.socratic.eval.harness.SuiteTask.Argument;
import dev.socratic.eval.harness.function.TaskFunction.Likelihood;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A model that scores, asked as one that writes: what is scored about one document is a request, the scores are its
/// answer, in JSON. So they are kept, gone on with after a kill, and counted like answers.
///
/// @param model that scores
record Likelihoods(TextModel model) implements TextModel {
    /// Documents scored at once: their shared beginnings are read once, and so much a kill can lose.
    private static final int TOGETHER = 32;
    private static final String BEFORE = "context";
    private static final String BEHIND = "continuation";
    private static final String WHOLE = "whole";

    static GenerationRequest request(String id, List<Argument> arguments) {
        List<ChatMessage> messages = new ArrayList<>();
        for (Argument argument : arguments) {
            messages.add(new ChatMessage(argument.continuation().isPresent() ? BEFORE : WHOLE, argument.prompt()));
            argument.continuation().ifPresent(text -> messages.add(new ChatMessage(BEHIND, text)));
        }
        return new GenerationRequest(id, messages, GenerationParameters.greedy(1), 0);
    }

    /// @param answer of such a request
    static List<Likelihood> read(String answer) {
        List<Likelihood> scores = new ArrayList<>();
        for (JsonNode one : Json.foreign(answer, "a kept score")) {
            scores.add(new Likelihood(one.path(0).asDouble(), one.path(1).asBoolean(), one.path(2).asInt(0)));
        }
        return scores;
    }

    @Override
    public ModelCard card() {
        ModelCard card = model.card();
        return new ModelCard(card.name(), card.place(), card.revision(), card.contextTokens(), TOGETHER, 1, true);
    }

    @Override
    public String shape() {
        return model.shape() + "scores";
    }

    /// Of an endpoint, as if it read every token of a request once: its scores are counted by nobody.
    @Override
    public Usage most(GenerationRequest request) {
        return model.card().place().startsWith("endpoint:") ? model.most(request) : TextModel.super.most(request);
    }

    @Override
    public List<GenerationOutcome> generate(List<GenerationRequest> requests) {
        try {
            return scored(requests);
        } catch (DataException some) {
            return requests.stream().map(this::alone).toList();
        } catch (RetryLaterException away) {
            return requests.stream().map(request -> failure(request, away, true)).toList();
        }
    }

    private GenerationOutcome alone(GenerationRequest request) {
        try {
            return scored(List.of(request)).getFirst();
        } catch (DataException unfit) {
            return failure(request, unfit, false);
        } catch (RetryLaterException away) {
            return failure(request, away, true);
        }
    }

    private static GenerationOutcome failure(GenerationRequest request, RuntimeException why, boolean temporary) {
        return new GenerationOutcome.Failure(request.id(), why.getMessage().lines().findFirst().orElse(""), temporary);
    }

    private List<GenerationOutcome> scored(List<GenerationRequest> requests) {
        List<ScoreRequest> pairs = new ArrayList<>();
        List<String> wholes = new ArrayList<>();
        requests.forEach(request -> split(request, pairs, wholes));
        List<ContinuationScore> scores = pairs.isEmpty() ? List.of() : model.score(pairs);
        List<Double> texts = wholes.isEmpty() ? List.of() : model.likelihoods(wholes);
        List<GenerationOutcome> outcomes = new ArrayList<>();
        int pair = 0;
        int whole = 0;
        for (GenerationRequest request : requests) {
            ArrayNode answer = Json.mapper().createArrayNode();
            for (ChatMessage message : request.messages()) {
                switch (message.role()) {
                    case BEFORE -> {
                        ContinuationScore score = scores.get(pair++);
                        ArrayNode one = answer.addArray().add(score.logProbability()).add(score.greedy());
                        if (score.lost() > 0) {
                            one.add(score.lost());
                        }
                    }
                    case WHOLE -> answer.addArray().add(texts.get(whole++)).add(false);
                    default -> { }
                }
            }
            outcomes.add(new Completion(request.id(), Json.line(answer), Optional.empty(), FinishReason.STOP,
                    model.card().place().startsWith("endpoint:") ? most(request) : Usage.NONE));
        }
        return outcomes;
    }

    private static void split(GenerationRequest request, List<ScoreRequest> pairs, List<String> wholes) {
        List<ChatMessage> messages = request.messages();
        for (int i = 0; i < messages.size(); i++) {
            switch (messages.get(i).role()) {
                case BEFORE -> pairs.add(new ScoreRequest(messages.get(i).content(), messages.get(i + 1).content()));
                case WHOLE -> wholes.add(messages.get(i).content());
                default -> { }
            }
        }
    }

    @Override
    public List<ContinuationScore> score(List<ScoreRequest> requests) {
        return model.score(requests);
    }

    /// The model is closed by whoever opened it.
    @Override
    public void close() {}
}
