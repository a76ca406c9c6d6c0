package dev.socratic.generator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.Usage;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.RowIds;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.datasets.row.Trace;
import dev.socratic.datasets.row.Trace.Verdict;
import dev.socratic.datasets.row.Turns;
import dev.socratic.generator.plan.PlannedAsk;
import dev.socratic.generator.step.Derived;
import dev.socratic.generator.step.Query;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.verify.Check;
import dev.socratic.generator.verify.Verifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What came of a conversation as rows, each with where it comes from: the strategy, the question it stands under, and
/// the whole transcript, step by step, with model, prompt and text.
final class StrategyRows {
    private final Map<String, Actor> cast;
    private final List<Check> checks;

    /// @param cast   the models by the name that roles have for them
    /// @param checks what an answer has to pass
    StrategyRows(Map<String, Actor> cast, List<Check> checks) {
        this.cast = cast;
        this.checks = checks;
    }

    /// A row and why it is not kept; empty where it is.
    record Row(ObjectNode json, Optional<String> reason) {}

    /// @return empty for a question that was made: it is no row of the answers
    Optional<Row> row(Ended by, Result result) {
        return switch (result) {
            case Result.Answer answer -> Optional.of(judged(answer(by, answer)));
            case Result.Talk talk -> Optional.of(judged(talk(by, talk)));
            case Result.Pair pair -> Optional.of(new Row(pair(by, pair), Optional.empty()));
            case Result.Dropped dropped -> Optional.of(dropped(by, dropped));
            case Result.Made made -> Optional.empty();
        };
    }

    private static Row judged(Trace trace) {
        Optional<String> reason = trace.verdicts().stream().filter(verdict -> !verdict.passed()).findFirst()
                .map(Verdict::check);
        ObjectNode json = RowMapper.json(trace);
        reason.ifPresent(why -> json.put("reason", why));
        return new Row(json, reason);
    }

    private Trace answer(Ended by, Result.Answer answer) {
        Query query = answer.reply().query();
        Actor actor = actor(by, query);
        Trace.Draw draw = draw(by.scene(), query);
        Question question = by.scene().question();
        Trace plain = new Verifier(checks, actor.row(), query.prompt(), actor.config()::price).trace(
                new PlannedAsk(RowIds.trace(question.id(), query.prompt(), actor.row(), draw), question,
                        answer.messages(), draw, query.parameters()),
                answer.reply().completion());
        List<Verdict> verdicts = new ArrayList<>(answer.verdicts());
        verdicts.addAll(plain.verdicts());
        return new Trace(plain.id(), plain.questionId(), plain.messages(), plain.reasoning(), plain.answerText(),
                plain.finalAnswer(), plain.teacher(), plain.prompt(), plain.sampling(), plain.usage(),
                plain.finishReason(), verdicts, Optional.empty(), extra(by, "answer", answer.facts()));
    }

    private Trace talk(Ended by, Result.Talk talk) {
        Query query = talk.last().query();
        Actor actor = actor(by, query);
        Trace.Draw draw = draw(by.scene(), query);
        Question question = by.scene().question();
        Usage usage = talk.last().completion().usage();
        String text = talk.messages().getLast().content();
        String id = RowIds.trace(question.id() + "/" + talk.kind(), query.prompt(), actor.row(), draw);
        return new Trace(id, question.id(), talk.messages(), Optional.empty(), text, by.scene().finalAnswer(text),
                actor.row(), query.prompt(), draw,
                new Usage(usage.promptTokens(), usage.completionTokens(),
                        actor.config().price(usage.promptTokens(), usage.completionTokens())),
                talk.last().completion().finish(), talk.verdicts(), Optional.empty(),
                extra(by, talk.kind(), talk.facts()));
    }

    private ObjectNode pair(Ended by, Result.Pair pair) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("question_id", by.scene().question().id());
        json.set("prompt", Turns.json(pair.prompt()));
        json.set("chosen", Turns.json(List.of(learned(pair.chosen()))));
        json.set("rejected", Turns.json(List.of(learned(pair.rejected()))));
        ObjectNode whole = Json.mapper().createObjectNode().put("id", RowIds.row(json));
        whole.setAll(json);
        extra(by, pair.kind(), pair.facts()).forEach(whole::set);
        return whole;
    }

    private static ChatMessage learned(Reply reply) {
        return ChatMessage.assistant(Verifier.learned(reply.completion()));
    }

    private Row dropped(Ended by, Result.Dropped dropped) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("question_id", by.scene().question().id());
        if (!by.scene().history().isEmpty()) {
            List<ChatMessage> messages = new ArrayList<>(by.scene().last().query().messages());
            messages.add(learned(by.scene().last()));
            json.set("messages", Turns.json(messages));
        }
        json.put("reason", dropped.reason()).put("detail", dropped.detail());
        extra(by, dropped.reason(), dropped.facts()).forEach(json::set);
        return new Row(json, Optional.of(dropped.reason()));
    }

    ObjectNode repeated(Ended by, Question question) {
        ObjectNode json = Json.mapper().createObjectNode().put("question_id", question.id());
        json.set("messages", Turns.json(List.of(ChatMessage.user(question.question()))));
        json.put("reason", "repeated_question").put("detail", "the same question is there already");
        extra(by, "repeated_question", Map.of()).forEach(json::set);
        return json;
    }

    ObjectNode unanswered(Ended by, Ended.End.Unanswered none) {
        ObjectNode json = Json.mapper().createObjectNode()
                .put("id", by.scene().subject().id() + "/" + by.scene().subject().sample())
                .put("question_id", by.scene().question().id())
                .put("index", by.scene().subject().sample())
                .put("problem", none.problem())
                .put("temporary", none.temporary());
        extra(by, "failed", Map.of()).forEach(json::set);
        return json;
    }

    private Map<String, JsonNode> extra(Ended by, String kind, Map<String, Object> facts) {
        Scene scene = by.scene();
        ObjectNode strategy = Json.mapper().createObjectNode()
                .put("name", by.strategy().name())
                .put("kind", kind)
                .put("sample", scene.subject().sample())
                .put("steps", scene.step());
        Optional.ofNullable(scene.question().extra().get(Derived.FIELD))
                .ifPresent(made -> strategy.set("question_made_by", made));
        Usage spent = scene.history().stream().flatMap(List::stream)
                .map(reply -> cost(by, reply)).reduce(Usage.NONE, Usage::plus);
        strategy.putObject("usage").put("prompt_tokens", spent.promptTokens())
                .put("completion_tokens", spent.completionTokens()).put("cost_usd", spent.costUsd());
        Map<String, JsonNode> extra = new LinkedHashMap<>();
        extra.put("strategy", strategy);
        facts.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(fact -> extra.put(fact.getKey(), Json.tree(fact.getValue())));
        extra.put("transcript", transcript(by));
        return extra;
    }

    private Usage cost(Ended by, Reply reply) {
        Usage usage = reply.completion().usage();
        return new Usage(usage.promptTokens(), usage.completionTokens(), actor(by, reply.query()).config()
                .price(usage.promptTokens(), usage.completionTokens()));
    }

    private ArrayNode transcript(Ended by) {
        ArrayNode all = Json.mapper().createArrayNode();
        by.scene().history().forEach(step -> step.forEach(reply -> {
            Query query = reply.query();
            all.addObject()
                    .put("step", query.step())
                    .put("role", query.role())
                    .put("model", actor(by, query).model().card().name())
                    .put("prompt", query.prompt().template() + " " + query.prompt().version())
                    .put("prompt_hash", query.prompt().hash())
                    .put("text", Verifier.learned(reply.completion()))
                    .put("finish_reason", reply.completion().finish().name().toLowerCase(Locale.ROOT));
        }));
        return all;
    }

    private Actor actor(Ended by, Query query) {
        return cast.get(by.strategy().roles().get(query.role()));
    }

    private static Trace.Draw draw(Scene scene, Query query) {
        return new Trace.Draw(query.parameters().sampling(), query.parameters().maxTokens(), query.seed(),
                scene.subject().sample());
    }
}
