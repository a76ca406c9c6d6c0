package dev.socratic.models.generate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.AdapterFolder;
import dev.socratic.models.network.ConfigJson;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.models.text.TurnEnd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What ends an answer, from all that a model folder says, each id once in this order: `eos_token_id` of
/// `generation_config.json` and of
/// `config.json`, the tokenizer's `eos_token`, and what ends a turn in the chat template. The places are often at odds
/// (a base model trained on chats, a family with several end tokens), and an id that one of them names never stands
/// inside of an answer.
///
/// Generation, rollouts of a training, an endpoint and an evaluation all stop by these, and a student's files name
/// them.
///
/// @param ids  EOS token ids, all of which the tokenizer has
/// @param turn those that end a turn in the chat template, the last turn's first
public record EosTokens(List<Long> ids, List<Long> turn) {
    public EosTokens {
        ids = List.copyOf(ids);
        turn = List.copyOf(turn);
    }

    /// @param folder a model's
    public static EosTokens of(Path folder, Tokenizer tokenizer) {
        return of(Optional.of(folder), folder, tokenizer);
    }

    /// @param model folder of the configs; empty where they speak of another tokenizer
    /// @param text  folder of the tokenizer and the chat template
    /// @throws dev.socratic.core.error.DataException if a file is there and broken
    public static EosTokens of(Optional<Path> model, Path text, Tokenizer tokenizer) {
        Set<Long> ids = new LinkedHashSet<>();
        model.ifPresent(folder -> {
            ids.addAll(said(AdapterFolder.file(folder, ConfigJson.GENERATION)));
            ids.addAll(said(AdapterFolder.file(folder, ConfigJson.NAME)));
        });
        tokenizer.id(ChatTemplate.specialTokens(text).getOrDefault("eos_token", "")).ifPresent(ids::add);
        List<Long> turn = ChatTemplate.names(text).contains(ChatTemplate.MAIN)
                ? TurnEnd.tokens(ChatTemplate.of(text), tokenizer)
                : List.of();
        ids.addAll(turn);
        ids.removeIf(id -> tokenizer.token(id).isEmpty());
        return new EosTokens(new ArrayList<>(ids), turn);
    }

    private static List<Long> said(Path file) {
        List<Long> ids = new ArrayList<>();
        JsonNode value = Files.exists(file) ? Json.read(file, JsonNode.class).path("eos_token_id") : Json.mapper()
                .missingNode();
        if (value.isIntegralNumber()) {
            ids.add(value.asLong());
        }
        value.forEach(id -> ids.add(id.asLong(-1)));
        return ids;
    }

    /// @return the one that ends the assistant's turn, or else the first; empty where there is none
    public Optional<Long> first() {
        return turn.stream().findFirst().or(() -> ids.stream().findFirst());
    }

    public long[] array() {
        return ids.stream().mapToLong(Long::longValue).toArray();
    }
}
