package dev.socratic.datasets.answer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The options of a multiple-choice question, as far as they are known.
///
/// @param all in their order; none where the question is no multiple choice or its options are not known
public record Choices(List<Choice> all) {
    public static final Choices NONE = new Choices(List.of());
    /// What rows call them.
    public static final List<String> FIELDS = List.of("choices", "options");

    private static final String LETTERS = "ABCDEFGHIJ";
    private static final Pattern LINE =
            Pattern.compile("(?m)^[ \\t>*-]{0,9}[(\\[]?([A-J])[)\\].:][ \\t*]{1,9}(\\S.{0,400})$");
    private static final Pattern INLINE =
            Pattern.compile("[(\\[]([A-J])[)\\]]\\s{0,3}(.{1,200}?)(?=\\s{0,3}[(\\[][A-J][)\\]]|\\n|$)");

    /// @param label its letter or number
    /// @param text  what it says; empty where only the letter is known
    public record Choice(String label, String text) {}

    public Choices {
        all = List.copyOf(all);
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /// @param fields a row's fields: `choices` (or `options`) as a list of texts, as `{"text": [...], "label": [...]}`,
    ///               as a list of
    ///               `{"label", "text"}`, or as `{"A": "...", "B": "..."}`
    public static Choices in(Map<String, JsonNode> fields) {
        return FIELDS.stream().filter(fields::containsKey).map(name -> of(fields.get(name))).filter(c -> !c.isEmpty())
                .findFirst().orElse(NONE);
    }

    /// @return the options a question lists: `A) 3`, each on a line, or `(A) 3 (B) 4`; none if it lists fewer than two,
    /// or not from A on
    public static Choices listedIn(String question) {
        Choices lines = inOrder(LINE.matcher(question));
        return lines.isEmpty() ? inOrder(INLINE.matcher(question)) : lines;
    }

    /// @return the choices of a row's fields; where there are none, those its question lists
    public static Choices of(Map<String, JsonNode> fields, String question) {
        Choices given = in(fields);
        return given.isEmpty() ? listedIn(question) : given;
    }

    private static Choices inOrder(Matcher matcher) {
        List<Choice> found = new ArrayList<>();
        while (matcher.find() && found.size() < LETTERS.length()) {
            if (matcher.group(1).charAt(0) == LETTERS.charAt(found.size())) {
                found.add(new Choice(matcher.group(1), matcher.group(2).strip()));
            }
        }
        return found.size() < 2 ? NONE : new Choices(found);
    }

    /// @return the choices a field holds, in any of the forms of [#in]; none if it holds fewer than two
    public static Choices of(JsonNode node) {
        List<Choice> found = new ArrayList<>();
        if (node.isArray()) {
            for (JsonNode item : node) {
                String label = text(item, "label").or(() -> text(item, "key")).orElse(letter(found.size()));
                (item.isValueNode() && !item.isNull() ? Optional.of(item.asText()) : text(item, "text")
                        .or(() -> text(item, "value")))
                        .ifPresent(text -> found.add(new Choice(label, text)));
            }
        } else if (node.path("text").isArray()) {
            for (int i = 0; i < node.path("text").size(); i++) {
                JsonNode label = node.path("label").path(i);
                found.add(new Choice(label.isMissingNode() ? letter(i) : label.asText(), node.path("text").path(i)
                        .asText()));
            }
        } else if (node.isObject()) {
            node.properties().stream().filter(f -> f.getValue().isValueNode() && f.getKey().length() <= 2)
                    .forEach(f -> found.add(new Choice(f.getKey(), f.getValue().asText())));
        }
        return found.size() < 2 ? NONE : new Choices(found);
    }

    private static String letter(int i) {
        return i < LETTERS.length() ? LETTERS.substring(i, i + 1) : Integer.toString(i + 1);
    }

    private static Optional<String> text(JsonNode item, String field) {
        return item.path(field).isValueNode() ? Optional.of(item.path(field).asText()) : Optional.empty();
    }

    /// The option a gold answer means: by its letter, by its text, or by its place counted from 0, as MMLU writes it.
    public Optional<String> labelOf(String gold) {
        String bare = gold.strip().replaceAll("^[(\\[]|[)\\].:]$", "");
        return all.stream().map(Choice::label).filter(label -> label.equals(bare)).findFirst()
                .or(() -> labelOfText(gold))
                .or(() -> all.stream().map(Choice::label).filter(label -> label.equalsIgnoreCase(bare)).findFirst())
                .or(() -> bare.matches("\\d") && Integer.parseInt(bare) < all.size()
                        && all.stream().noneMatch(c -> Character.isDigit(c.label().charAt(0)))
                        ? Optional.of(all.get(Integer.parseInt(bare)).label()) : Optional.empty());
    }

    /// @return the only option that says this, in other words or digits; empty if none does, or two
    Optional<String> labelOfText(String text) {
        String wanted = plain(text);
        List<String> same = all.stream().filter(c -> !wanted.isEmpty() && plain(c.text()).equals(wanted))
                .map(Choice::label).toList();
        if (same.isEmpty() && Readable.of(text) == Readable.VALUE) {
            same = all.stream().filter(c -> Equivalence.STANDARD.judge(c.text(), text).equal()).map(Choice::label)
                    .toList();
        }
        return same.size() == 1 ? Optional.of(same.getFirst()) : Optional.empty();
    }

    /// @return the only option with whose words this begins; of two where one begins like the other, the longer
    Optional<String> labelOfBeginning(String text) {
        String given = plain(text) + " ";
        List<Choice> begun = all.stream()
                .filter(c -> plain(c.text()).length() > 2 && given.startsWith(plain(c.text()) + " ")).toList();
        boolean others = all.stream()
                .anyMatch(c -> !begun.contains(c) && plain(c.text()).length() > 2 && (" " + given)
                .contains(" " + plain(c.text()) + " "));
        return begun.size() == 1 && !others ? Optional.of(begun.getFirst().label()) : Optional.empty();
    }

    private static String plain(String text) {
        return Folding.text(text).toLowerCase(Locale.ROOT)
                .replaceAll("\\\\(?:text|mathrm|mathbf|textbf)\\{|[{}$*`\"]", " ")
                .replaceAll("[.,;:!?]+(?=\\s|$)", " ").replaceAll("(?<![\\p{L}])(?:an?|the)(?![\\p{L}])", " ")
                        .replaceAll("\\s+", " ").strip();
    }
}
