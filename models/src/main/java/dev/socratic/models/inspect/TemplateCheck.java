package dev.socratic.models.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.ChatTemplate.Rendered;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.models.text.TurnEnd;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The chat template by what it does with a small conversation: whether it renders, whether the tokenizer knows its
/// marks, whether it begins texts once, and whether what ends a turn ends an answer.
///
/// @param stops       ids that end an answer
/// @param stopsPlace  the file and field that say so, or should
record TemplateCheck(Path folder, Tokenizer tokenizer, JsonNode tokenizerFile, JsonNode tokenizerConfig,
        Map<String, String> tokens, Set<Long> stops,
        String stopsPlace, Clock clock) {
    private static final String CHECK = "template";
    private static final Pattern MARK =
            Pattern.compile("<[|\uff5c][^<>\\s]{1,40}[|\uff5c]>|<(?:start|end)_of_[a-z_]{1,20}>");
    private static final List<ChatMessage> QUESTION = List.of(ChatMessage.user("What is two and two"));

    private static final String REASONING = "Two and two are twice two";
    private static final List<ChatMessage> REASONED = List.of(ChatMessage.user("What is two and two"),
            ChatMessage.assistant("<think>\n" + REASONING + "\n</think>\n\nIt is four"));

    List<Defect> run() {
        List<Defect> defects = new ArrayList<>();
        ChatTemplate template;
        String question;
        try {
            template = ChatTemplate.of(folder, clock);
            question = template.render(QUESTION, true).text();
        } catch (SocraticException broken) {
            return Defect.errors(CHECK, broken.problems());
        }
        defects.addAll(Defect.few(marks(question)));
        defects.addAll(whole(template));
        defects.addAll(beginning(question));
        try {
            defects.addAll(ending(template.render(TurnEnd.CHAT, false)));
        } catch (SocraticException unclear) {
            unclear.problems().forEach(problem -> defects.add(new Defect(CHECK, Defect.Severity.WARNING, problem)));
        }
        return defects;
    }

    /// Reasoning is part of what a teacher says; some templates drop it, also from the last answer.
    private List<Defect> whole(ChatTemplate template) {
        try {
            Rendered chat = template.render(REASONED, false);
            return chat.text().contains(REASONING) ? List.of()
                    : List.of(Defect.warning(CHECK, folder.toString(), "an answer as it was said",
                    "one without what stands in <think>",
                            "a student trained on reasoning would not learn it: print message['content'] as it is "
                                    + "in the template"));
        } catch (SocraticException refused) {
            return List.of();
        }
    }

    private List<Defect> marks(String text) {
        Set<String> marks = new LinkedHashSet<>();
        Matcher found = MARK.matcher(text);
        while (found.find()) {
            marks.add(found.group());
        }
        return marks.stream()
                .filter(mark -> tokenizer.encode(mark).length != 1)
                .map(mark -> Defect.error(CHECK, folder.toString(), "marks that are one token each",
                        "'%s', which is %s".formatted(mark, tokenizer.encode(mark).length),
                        "the template belongs to another tokenizer, or the token was never added to this one"))
                .toList();
    }

    private List<Defect> beginning(String text) {
        String bos = tokens.getOrDefault("bos_token", "");
        if (bos.isEmpty() || !text.startsWith(bos)) {
            return List.of();
        }
        if (text.startsWith(bos + bos)) {
            return List.of(
                    Defect.error(CHECK, folder.toString(), "texts that begin with one '%s'".formatted(bos), "two",
                            "take one out of the template"));
        }
        if (addsBeginning(tokenizerFile.path("post_processor"), bos)
                || tokenizerConfig.path("add_bos_token").asBoolean()) {
            return List.of(
                    Defect.warning(CHECK, folder.toString(),
                            "'%s' from the template or from the tokenizer".formatted(bos), "both",
                    "here the tokenizer adds none; in other tools encode rendered chats with "
                            + "add_special_tokens=False"));
        }
        return List.of();
    }

    private static boolean addsBeginning(JsonNode processor, String bos) {
        for (JsonNode part : processor.path("processors")) {
            if (addsBeginning(part, bos)) {
                return true;
            }
        }
        for (JsonNode piece : processor.path("single")) {
            if (bos.equals(piece.path("SpecialToken").path("id").asText(""))) {
                return true;
            }
        }
        return false;
    }

    private List<Defect> ending(Rendered chat) {
        return switch (TurnEnd.of(chat, chat.assistantSpans().size() - 1, TurnEnd.CHAT.getLast().content(),
                tokenizer)) {
            case TurnEnd.None ignored -> unmarked("none");
            case TurnEnd.Text text -> unmarked("'%s', ordinary text".formatted(text.mark()));
            case TurnEnd.Token token -> stops(token.id());
        };
    }

    private List<Defect> unmarked(String got) {
        return List.of(Defect.warning(CHECK, folder.toString(), "a mark at the end of the assistant's turn", got,
                "a model trained on such text does not learn to stop; end the turn with eos_token in the template"));
    }

    private List<Defect> stops(long id) {
        if (stops.contains(id)) {
            return List.of();
        }
        List<Long> wanted = new ArrayList<>(List.of(id));
        wanted.addAll(stops);
        return List.of(Defect.error("generation", stopsPlace,
                "%s '%s' among them, which ends a turn in the chat template".formatted(id, tokenizer.token(id)),
                stops.isEmpty() ? "nothing" : stops.stream().map(stop ->
                        "%s '%s'".formatted(stop, tokenizer.token(stop))).toList().toString(),
                "tools that read this file alone would not stop there; write \"eos_token_id\": "
                        + (wanted.size() == 1 ? wanted.getFirst() : wanted)));
    }
}
