package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ContinuationScore;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// The tokens of a prompt with their log probabilities, and the token that was written behind it.
///
/// @param text     of the prompt
/// @param tokens   of the prompt, one that the server put before it included
/// @param next     what was written behind the prompt, with its log probability
record PromptTokens(String text, List<Token> tokens, Token next) {
    /// How a server is asked.
    enum Form {
        ECHO("echo and logprobs") {
            @Override
            void put(ObjectNode body) {
                body.put("echo", true).put("logprobs", 1);
            }
        },
        PROMPT_LOGPROBS("prompt_logprobs") {
            @Override
            void put(ObjectNode body) {
                body.put("prompt_logprobs", 1).put("logprobs", 1);
            }
        };

        private final String word;

        Form(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }

        abstract void put(ObjectNode body);
    }

    /// @param text   its characters, as the server writes them; empty where it does not say
    /// @param log    log probability; NaN of the first, behind which nothing stands
    /// @param likely whether no token was likelier
    record Token(String text, double log, boolean likely) {}

    PromptTokens {
        tokens = List.copyOf(tokens);
    }

    int size() {
        return tokens.size();
    }

    /// @param answer  of the server
    /// @param address for messages
    /// @throws DataException if it does not have a log probability for each token of the prompt
    static PromptTokens read(JsonNode answer, String text, Form form, String address) {
        JsonNode choice = answer.path("choices").path(0);
        return switch (form) {
            case ECHO -> echoed(choice.path("logprobs"), text, address);
            case PROMPT_LOGPROBS -> listed(choice, text, address);
        };
    }

    private static PromptTokens echoed(JsonNode logs, String text, String address) {
        JsonNode words = logs.path("tokens");
        JsonNode own = logs.path("token_logprobs");
        if (words.size() < 2 || own.size() != words.size()) {
            throw refused(address, "no log probabilities of %s tokens".formatted(words.size()));
        }
        List<Token> all = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i).asText();
            double likeliest = Double.NEGATIVE_INFINITY;
            for (JsonNode one : logs.path("top_logprobs").path(i)) {
                likeliest = Math.max(likeliest, one.asDouble());
            }
            all.add(token(word, own.get(i), likeliest, i, address));
        }
        // One token was written behind the prompt.
        PromptTokens found = new PromptTokens(text, all.subList(0, all.size() - 1), all.getLast());
        if (!found.spells()) {
            throw refused(address, "tokens that do not spell the prompt");
        }
        return found;
    }

    private static PromptTokens listed(JsonNode choice, String text, String address) {
        JsonNode list = choice.path("prompt_logprobs");
        if (!list.isArray() || list.size() < 2) {
            throw refused(address, "no prompt_logprobs");
        }
        List<Token> all = new ArrayList<>();
        int known = 0;
        for (int i = 0; i < list.size(); i++) {
            JsonNode entry = list.get(i);
            if (i > 0 && (!entry.isObject() || entry.isEmpty())) {
                throw refused(address, "nothing for token %s".formatted(i));
            }
            JsonNode own = i == 0 ? entry : entry.iterator().next(); // the prompt's own comes first
            String word = own.path("decoded_token").asText("");
            known += word.length();
            double best = own.path("rank").asInt(1) == 1 ? own.path("logprob").asDouble() : Double.POSITIVE_INFINITY;
            all.add(token(word, i == 0 ? null : own.path("logprob"), best, i, address));
        }
        // Of the first nobody says what it is: the rest of the prompt, or a mark before it.
        String first = text.substring(0, Math.max(0, text.length() - known));
        all.set(0, new Token(first, Double.NaN, false));
        JsonNode logs = choice.path("logprobs");
        Token next = logs.path("tokens").size() < 1 ? new Token("", Double.NaN, false)
                : new Token(logs.path("tokens").get(0).asText(), logs.path("token_logprobs").path(0).asDouble(), true);
        PromptTokens found = new PromptTokens(text, all, next);
        if (!found.spells()) {
            throw refused(address, "tokens that do not spell the prompt");
        }
        return found;
    }

    private static Token token(String word, JsonNode log, double likeliest, int place, String address) {
        if (place == 0 && (log == null || log.isNull())) {
            return new Token(word, Double.NaN, false);
        }
        if (!log.isNumber() || !(log.asDouble() <= 1e-3)) {
            throw refused(address, "%s as the log probability of token %s".formatted(log, place));
        }
        return new Token(word, log.asDouble(), log.asDouble() >= likeliest);
    }

    private static DataException refused(String address, String got) {
        return new DataException(address, "a log probability for each token of the prompt", got,
                "score with local weights, or ask a server that gives them (vLLM, socratic serve)");
    }

    /// Pieces of a character are written in one way or another, so a prompt with some is only counted.
    private boolean spells() {
        return pieces() || before() >= 0;
    }

    private boolean pieces() {
        return tokens.stream().anyMatch(token -> token.text().contains("\uFFFD") || token.text().startsWith("bytes:"));
    }

    private String spelled() {
        StringBuilder spelled = new StringBuilder();
        tokens.forEach(token -> spelled.append(token.text()));
        return spelled.toString();
    }

    /// @return characters of a mark that the server put before the prompt; -1 where the tokens are not the prompt's
    private int before() {
        String spelled = spelled();
        int mark = tokens.getFirst().text().length();
        boolean marked = spelled.endsWith(text) && spelled.length() == text.length() + mark;
        return spelled.equals(text) ? 0 : marked ? mark : -1;
    }

    /// @param characters of the prompt
    /// @return number of the token that begins right behind them; empty where none does, or nobody can tell
    OptionalInt starting(int characters) {
        if (pieces()) {
            return OptionalInt.empty();
        }
        int at = -before();
        for (int i = 0; i < tokens.size(); i++) {
            if (at == characters) {
                return OptionalInt.of(i);
            }
            at += tokens.get(i).text().length();
        }
        return OptionalInt.empty();
    }

    /// @param first token of the continuation
    ContinuationScore score(int first) {
        double sum = 0;
        boolean greedy = true;
        for (Token token : tokens.subList(Math.min(Math.max(first, 1), tokens.size()), tokens.size())) {
            sum += token.log();
            greedy &= token.likely();
        }
        return new ContinuationScore(sum, Math.max(0, tokens.size() - first), greedy);
    }
}
