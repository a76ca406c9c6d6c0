package dev.socratic.datasets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.Penalties;
import dev.socratic.core.text.Sampling;
import dev.socratic.core.text.Usage;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.Trace;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Rows with everything in them that can go wrong: quotes, line ends, signs beyond the basic plane, empty strings,
/// huge numbers.
public record RandomRows(RandomGenerator random) {
    private static final List<String> PIECES = List.of(
            "a", "B", " ", "  ", ",", ";", "\"", "'", "\n", "\t", "\\", "{", "}", "[", "]", "0", "1.50", "-", "\u00e9",
            "\u4f60", "\ud83d\ude00",
            "\u2028", "\u0000", "<think>", "#### 18", "null", "=", "$", "\ufeff", "");

    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    public ObjectNode object(int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = random.nextInt(5); i > 0; i--) {
            object.set("f" + random.nextInt(6), value(depth));
        }
        return object;
    }

    public JsonNode value(int depth) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0, 1 -> json.textNode(text());
            case 2 -> json.numberNode(random.nextLong());
            case 3 -> DecimalNode.valueOf(new BigDecimal(random.nextInt(-999, 999))
                    .movePointLeft(random.nextInt(1, 6)));
            case 4 -> json.booleanNode(random.nextBoolean());
            case 5 -> json.nullNode();
            case 6 -> object(depth - 1);
            default -> {
                ArrayNode array = json.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(depth - 1));
                }
                yield array;
            }
        };
    }

    public Question question() {
        return new Question(
                text(), text(), maybe(this::text), maybe(this::text), text(), maybe(this::text), list(this::text),
                extra());
    }

    public Trace trace() {
        return new Trace(
                text(),
                text(),
                list(() -> new ChatMessage(
                        List.of("system", "user", "assistant", "tool").get(random.nextInt(4)), text())),
                maybe(this::text),
                text(),
                maybe(this::text),
                new Trace.Teacher(text(), (random.nextBoolean() ? "endpoint:" : "weights:") + text(), text()),
                new Trace.Prompt(text(), text(), text()),
                new Trace.Draw(sampling(), random.nextInt(), random.nextLong(), random.nextInt()),
                new Usage(random.nextLong(), random.nextLong(), random.nextDouble()),
                FinishReason.values()[random.nextInt(FinishReason.values().length)],
                list(() -> new Trace.Verdict(text(), random.nextBoolean(), text())),
                maybe(this::text),
                extra());
    }

    private Sampling sampling() {
        return new Sampling(100 * random.nextDouble(), 1 - random.nextDouble(),
                random.nextBoolean() ? 0 : random.nextInt(Integer.MAX_VALUE),
                random.nextBoolean() ? 0 : random.nextDouble(), 1 - random.nextDouble(),
                random.nextBoolean() ? Penalties.NONE
                        : new Penalties(1 + random.nextDouble(), random.nextDouble(), -random.nextDouble()),
                random.nextBoolean() ? Map.of() : Map.of(random.nextInt(999), random.nextDouble()));
    }

    private Map<String, JsonNode> extra() {
        Map<String, JsonNode> extra = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            extra.put("unknown_" + random.nextInt(9), value(2));
        }
        return extra;
    }

    private <T> Optional<T> maybe(Supplier<T> value) {
        return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
    }

    private <T> List<T> list(Supplier<T> item) {
        return IntStream.range(0, random.nextInt(4)).mapToObj(i -> item.get()).toList();
    }
}
