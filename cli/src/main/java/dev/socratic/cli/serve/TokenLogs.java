package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.Distributions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Log probabilities of tokens in OpenAI's two forms: of chats, and of the older completions. They are the model's own,
/// at temperature 1, whatever the answer was drawn with.
///
/// @param likely how many of the likeliest are named beside each token
record TokenLogs(DistributionModel model, int likely) {

    /// @return how many likely tokens are wanted; empty where no log probabilities are
    static OptionalInt likely(Optional<TokenLogs> logs) {
        return logs.stream().mapToInt(TokenLogs::likely).findFirst();
    }

    /// Of tokens of an answer, as they were drawn.
    ObjectNode chat(List<Mailbox.Drawn> drawn) {
        ObjectNode logs = JsonNodeFactory.instance.objectNode();
        ArrayNode content = logs.putArray("content");
        for (Mailbox.Drawn one : drawn) {
            ObjectNode token = entry(content.addObject(), (int) one.token(), one.noted().logProb());
            ArrayNode top = token.putArray("top_logprobs");
            for (int j = 0; j < Math.min(likely, one.noted().likeliest().length); j++) {
                entry(top.addObject(), (int) one.noted().likeliest()[j], one.noted().logProbs()[j]);
            }
        }
        logs.putNull("refusal");
        return logs;
    }

    /// The same in the form of completions.
    ///
    /// @param offset characters of the answer before the first of them
    ObjectNode completion(List<Mailbox.Drawn> drawn, int offset) {
        ObjectNode logs = JsonNodeFactory.instance.objectNode();
        ArrayNode tokens = logs.putArray("tokens");
        ArrayNode own = logs.putArray("token_logprobs");
        ArrayNode top = logs.putArray("top_logprobs");
        ArrayNode offsets = logs.putArray("text_offset");
        int at = offset;
        for (Mailbox.Drawn one : drawn) {
            String word = model.word((int) one.token());
            tokens.add(word);
            own.add(one.noted().logProb());
            offsets.add(at);
            at += word.length();
            ObjectNode likeliest = top.addObject();
            for (int j = 0; j < Math.min(likely, one.noted().likeliest().length); j++) {
                String other = model.word((int) one.noted().likeliest()[j]);
                if (!likeliest.has(other)) {
                    likeliest.put(other, one.noted().logProbs()[j]);
                }
            }
            if (!likeliest.has(word)) {
                likeliest.put(word, one.noted().logProb());
            }
        }
        return logs;
    }

    private ObjectNode entry(ObjectNode into, int id, float log) {
        String word = model.word(id);
        into.put("token", word).put("logprob", log);
        if (word.contains("\uFFFD")) {
            return into.putNull("bytes"); // a piece of a character: which bytes, the text does not say
        }
        ArrayNode bytes = into.putArray("bytes");
        for (byte one : word.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(Byte.toUnsignedInt(one));
        }
        return into;
    }

    /// @param from place of the first token that is told of; of the very first of a row nothing is known
    ObjectNode completion(int[] row, int from, Distributions said) {
        ObjectNode logs = JsonNodeFactory.instance.objectNode();
        ArrayNode tokens = logs.putArray("tokens");
        ArrayNode own = logs.putArray("token_logprobs");
        ArrayNode top = logs.putArray("top_logprobs");
        ArrayNode offsets = logs.putArray("text_offset");
        int offset = 0;
        for (int at = from; at < row.length; at++) {
            String word = model.word(row[at]);
            tokens.add(word);
            offsets.add(offset);
            offset += word.length();
            if (at == 0) {
                own.addNull();
                top.addNull();
                continue;
            }
            own.add(said.labels()[at - 1]);
            ObjectNode likeliest = top.addObject();
            for (int j = 0; j < Math.min(likely, said.width()); j++) {
                int place = (at - 1) * said.width() + j;
                if (!likeliest.has(model.word(said.ids()[place]))) {
                    likeliest.put(model.word(said.ids()[place]), said.logs()[place]);
                }
            }
            if (!likeliest.has(word)) {
                likeliest.put(word, said.labels()[at - 1]);
            }
        }
        return logs;
    }
}
