package dev.socratic.models.text;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.socratic.core.error.DataException;
import dev.socratic.core.template.Template.Span;
import dev.socratic.core.text.ChatMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the assistant wrote in a text whose template does not say so, found by rendering parts of the conversation.
///
/// For the turn at `i`, with R(n) the first n messages rendered and R'(n) the same with a generation prompt:
/// * It begins where R'(i) ends, if the whole text begins with that. Templates that open a reasoning block in the
/// prompt do not keep it in earlier turns; then it begins in what the text shares with R'(i) after R(i), at the
/// content at the latest. Where the content stands is found by putting another in its place. * It ends where R(i+1)
/// ends, if the whole text begins with that. Templates that drop reasoning from earlier turns, or close the last one
/// differently, do not; then it ends after what follows another content in its place, or after the first `<...>`
/// behind the content, or, with tool calls, where the longest common end of R(i+1) does.
final class AssistantSpans {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern MARKER = Pattern.compile("\\s*<[^<>\\s]{1,60}>");
    private static final Pattern BEGUN = Pattern.compile("<[^<>\\s]{0,60}$");
    private static final Pattern CLOSED = Pattern.compile("<[^<>\\s]{1,60}>$");

    private final String place;
    private final Map<String, ?> context;
    private final Function<Map<String, ?>, String> renderer;
    private final List<Map<String, Object>> messages = new ArrayList<>();

    AssistantSpans(String place, Map<String, ?> context, Function<Map<String, ?>, String> renderer) {
        this.place = place;
        this.context = context;
        this.renderer = renderer;
        Object given = context.get("messages");
        if (given instanceof Iterable<?> list) {
            list.forEach(message -> messages.add(fields(message)));
        }
    }

    private static Map<String, Object> fields(Object message) {
        return switch (message) {
            case ChatMessage turn -> turn.named();
            case JsonNode node -> MAPPER.convertValue(node, new TypeReference<LinkedHashMap<String, Object>>() {});
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((name, value) -> copy.put(String.valueOf(name), value));
                yield copy;
            }
            default -> Map.of();
        };
    }

    List<Span> in(String text) {
        List<Span> spans = new ArrayList<>();
        int end = 0;
        for (int turn = 0; turn < messages.size(); turn++) {
            if (ChatMessage.ASSISTANT.equals(String.valueOf(messages.get(turn).get("role")).replace("\"", ""))) {
                Span span = span(text, turn, end);
                spans.add(span);
                end = span.end();
            }
        }
        return spans;
    }

    private Span span(String text, int turn, int after) {
        Optional<String> before = rendered(messages.subList(0, turn), false);
        Optional<String> prompted = rendered(messages.subList(0, turn), true);
        int start = start(text, turn, after, before, prompted);
        int end = end(text, turn, start, before, prompted);
        if (start < after || end < start) {
            throw unknown(turn);
        }
        return new Span(start, end);
    }

    private int start(String text, int turn, int after, Optional<String> before, Optional<String> prompted) {
        if (prompted.filter(text::startsWith).isPresent()) {
            return prompted.get().length();
        }
        String header = before.isPresent() && prompted.isPresent() && prompted.get().startsWith(before.get())
                ? prompted.get().substring(before.get().length())
                : "";
        Optional<Span> printed = content(text, turn, after);
        if (header.isEmpty() && before.filter(messages -> !text.startsWith(messages)).isPresent()) {
            Optional<Integer> start = afterMessages(text, before.get(), after, printed);
            if (start.isPresent()) {
                return start.get();
            }
        }
        Span content = printed.orElseThrow(() -> unknown(turn));
        return before.filter(text::startsWith).isPresent()
                ? Math.min(before.get().length() + common(header, text, before.get().length()), content.start())
                : afterHeader(text, header, content.start(), after, turn);
    }

    private int end(String text, int turn, int start, Optional<String> before, Optional<String> prompted) {
        boolean calls = printsCalls(text, turn);
        if (!calls && before.isPresent() && before.equals(prompted)) {
            // Nothing or always something is printed for the next answer: only what closes the content can be relied
            // on.
            Optional<Integer> marker = content(text, turn, start).flatMap(content -> markerAt(text, content.end()));
            if (marker.isPresent()) {
                return marker.get();
            }
        }
        Optional<String> through = rendered(messages.subList(0, turn + 1), false)
                .map(whole -> withoutClosing(whole, before, prompted));
        if (through.filter(text::startsWith).filter(whole -> whole.length() >= start).isPresent()) {
            return trimmed(text, turn, start, through.get().length());
        }
        return calls
                ? sharedTail(text, start, through.map(String::stripTrailing).orElse(""))
                        .orElseThrow(() -> unknown(turn))
                : afterContent(text, content(text, turn, start).orElseThrow(() -> unknown(turn)).end(), turn);
    }

    /// Whether the message calls tools and the template prints that.
    private boolean printsCalls(String text, int turn) {
        if (!(messages.get(turn).get("tool_calls") instanceof Iterable<?> some) || !some.iterator().hasNext()) {
            return false;
        }
        Map<String, Object> plain = new LinkedHashMap<>(messages.get(turn));
        plain.remove("tool_calls");
        List<Map<String, Object>> changed = new ArrayList<>(messages);
        changed.set(turn, plain);
        return rendered(changed, flag("add_generation_prompt")).filter(text::equals).isEmpty();
    }

    /// Some templates close every conversation that is not to be answered, whoever spoke last; that is not the
    /// assistant's.
    private static String withoutClosing(String through, Optional<String> before, Optional<String> prompted) {
        if (before.isEmpty() || prompted.isEmpty() || prompted.get().startsWith(before.get())) {
            return through;
        }
        int same = common(before.get(), prompted.get(), 0);
        // Closing and prompt may begin alike: `<|endoftext|>` and `<|assistant|>` share two characters and are no part
        // of the turn.
        Matcher begun = BEGUN.matcher(before.get()).region(0, same);
        String closing = before.get().substring(begun.find() ? begun.start() : same);
        return through.endsWith(closing) ? through.substring(0, through.length() - closing.length()) : through;
    }

    /// Without any end marker the white space is the assistant's own, else it is the template's.
    private int trimmed(String text, int turn, int start, int end) {
        String written = String.valueOf(messages.get(turn).get("content"));
        if (!written.isEmpty() && text.substring(start, end).endsWith(written)) {
            return end;
        }
        int trimmed = end;
        while (trimmed > start && Character.isWhitespace(text.charAt(trimmed - 1))) {
            trimmed--;
        }
        return trimmed;
    }

    /// Where the longest end of `through` that occurs in the text ends there; it has to close with a marker.
    private static Optional<Integer> sharedTail(String text, int start, String through) {
        int shared = 0;
        int tooLong = through.length() + 1;
        while (tooLong - shared > 1) {
            int middle = (shared + tooLong) >>> 1;
            if (text.indexOf(through.substring(through.length() - middle), start) >= 0) {
                shared = middle;
            } else {
                tooLong = middle;
            }
        }
        String tail = through.substring(through.length() - shared);
        return CLOSED.matcher(tail).find() ? Optional.of(text.indexOf(tail, start) + shared) : Optional.empty();
    }

    /// Where the content stands: the part of the text that changes with it.
    private Optional<Span> content(String text, int turn, int after) {
        String other = other(text);
        List<Map<String, Object>> changed = new ArrayList<>(messages);
        changed.set(turn, withContent(turn, other));
        Optional<String> varied = rendered(changed, flag("add_generation_prompt"))
                .filter(rendered -> rendered.contains(other));
        if (varied.isEmpty()) {
            return Optional.empty();
        }
        int start = common(text, varied.get(), 0);
        int most = Math.min(text.length(), varied.get().length()) - start;
        int tail = 0;
        while (tail < most
                && text.charAt(text.length() - 1 - tail) == varied.get().charAt(varied.get().length() - 1 - tail)) {
            tail++;
        }
        return start < after ? Optional.empty() : Optional.of(new Span(start, text.length() - tail));
    }

    private int afterHeader(String text, String header, int contentStart, int after, int turn) {
        Matcher marker = MARKER.matcher(header);
        String opening = marker.lookingAt() ? marker.group() : header;
        for (String wanted : List.of(header, opening)) {
            int found = wanted.isEmpty() ? -1 : text.lastIndexOf(wanted, contentStart - wanted.length());
            if (found >= after) {
                return found + wanted.length();
            }
        }
        if (header.isEmpty() && turn == 0) {
            return contentStart;
        }
        throw unknown(turn);
    }

    /// Where the messages before a turn end, for templates that mark no answer and print earlier messages otherwise
    /// when more follow (tools or the system's text before the last question): behind the longest end of `before`
    /// that stands before the content, or, where the content is not printed, that comes first.
    private static Optional<Integer> afterMessages(String text, String before, int after, Optional<Span> content) {
        String region = text.substring(after, content.map(Span::start).orElse(text.length()));
        int shared = 0;
        int tooLong = before.length() + 1;
        while (tooLong - shared > 1) {
            int middle = (shared + tooLong) >>> 1;
            if (region.contains(before.substring(before.length() - middle))) {
                shared = middle;
            } else {
                tooLong = middle;
            }
        }
        String tail = before.substring(before.length() - shared);
        int at = content.isPresent() ? region.lastIndexOf(tail) : region.indexOf(tail);
        return tail.isBlank() ? Optional.empty() : Optional.of(after + at + shared);
    }

    private int afterContent(String text, int contentEnd, int turn) {
        String other = other(text);
        List<Map<String, Object>> changed = new ArrayList<>(messages.subList(0, turn));
        changed.add(withContent(turn, other));
        Optional<String> varied = rendered(changed, false).filter(rendered -> rendered.contains(other));
        String close = varied.map(rendered -> rendered.substring(rendered.lastIndexOf(other) + other.length())
                .stripTrailing()).orElse("");
        if (!close.isEmpty() && text.startsWith(close, contentEnd)) {
            return contentEnd + close.length();
        }
        return markerAt(text, contentEnd).orElseThrow(() -> unknown(turn));
    }

    private static Optional<Integer> markerAt(String text, int place) {
        Matcher marker = MARKER.matcher(text).region(place, text.length());
        return marker.lookingAt() ? Optional.of(marker.end()) : Optional.empty();
    }

    private Map<String, Object> withContent(int turn, String content) {
        Map<String, Object> message = new LinkedHashMap<>(messages.get(turn));
        message.put("content", content);
        return message;
    }

    /// A content that shares neither its first nor its last character with anything in the text.
    private static String other(String text) {
        char mark = '\ue000';
        while (text.indexOf(mark) >= 0) {
            mark++;
        }
        return mark + "x" + mark;
    }

    private static int common(String left, String right, int from) {
        int length = 0;
        while (length < left.length() && from + length < right.length()
                && left.charAt(length) == right.charAt(from + length)) {
            length++;
        }
        return length;
    }

    private boolean flag(String name) {
        return truth(context.get(name));
    }

    /// Flags come from Java or from JSON.
    static boolean truth(Object value) {
        return Boolean.TRUE.equals(value) || value instanceof JsonNode node && node.isBoolean() && node.booleanValue();
    }

    /// @return the text, or empty where the template does not take a conversation cut there
    private Optional<String> rendered(List<Map<String, Object>> some, boolean prompt) {
        Map<String, Object> part = new LinkedHashMap<>(context);
        part.put("messages", List.copyOf(some));
        part.put("add_generation_prompt", prompt);
        try {
            return Optional.of(renderer.apply(part));
        } catch (DataException refused) {
            return Optional.empty();
        }
    }

    private DataException unknown(int turn) {
        return new DataException(
                place,
                "a template that shows where the assistant's text begins and ends",
                "no such place for message %s".formatted(turn + 1),
                "mark it in the template with {% generation %} and {% endgeneration %}");
    }
}
