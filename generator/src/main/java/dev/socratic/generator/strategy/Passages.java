package dev.socratic.generator.strategy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A text or a Markdown document in passages: paragraphs are put together while they have room, a heading begins a new
/// passage, and a paragraph longer than a passage is cut between words. Each knows its characters in the document.
final class Passages {
    private static final Pattern BLANK = Pattern.compile("\\n[ \\t\\r]*\\n\\s*");
    private static final Pattern HEADING = Pattern.compile("#{1,6}\\s+(\\S[^\\n]*)");
    private static final Pattern WORD = Pattern.compile("\\S+");

    private Passages() {}

    /// @param from    first character
    /// @param to      behind the last
    /// @param heading above it; empty where there is none
    record Passage(String text, int from, int to, String heading) {}

    private record Span(int from, int to) {}

    static List<Passage> of(String document, int words, int overlap) {
        List<Passage> passages = new ArrayList<>();
        List<Span> open = new ArrayList<>();
        String heading = "";
        for (Span place : paragraphs(document)) {
            Matcher title = HEADING.matcher(document).region(place.from(), place.to());
            if (title.lookingAt()) {
                close(document, open, heading, 0, passages);
                heading = title.group(1).strip();
            }
            Matcher word = WORD.matcher(document).region(place.from(), place.to());
            List<Span> paragraph = new ArrayList<>();
            while (word.find()) {
                paragraph.add(new Span(word.start(), word.end()));
            }
            if (!open.isEmpty() && open.size() + paragraph.size() > words) {
                close(document, open, heading, overlap, passages);
                if (open.size() + paragraph.size() > words) {
                    open.clear();
                }
            }
            for (Span one : paragraph) {
                open.add(one);
                if (open.size() == words) {
                    close(document, open, heading, overlap, passages);
                }
            }
        }
        boolean more = passages.isEmpty() || !open.isEmpty() && open.getLast().to() > passages.getLast().to();
        if (more) {
            close(document, open, heading, 0, passages);
        }
        return passages;
    }

    private static List<Span> paragraphs(String document) {
        List<Span> all = new ArrayList<>();
        Matcher blank = BLANK.matcher(document);
        int from = 0;
        while (blank.find()) {
            all.add(new Span(from, blank.start()));
            from = blank.end();
        }
        all.add(new Span(from, document.length()));
        return all;
    }

    /// @param keep words that the next passage begins with
    private static void close(String document, List<Span> open, String heading, int keep, List<Passage> into) {
        if (open.isEmpty() || !into.isEmpty() && open.getLast().to() <= into.getLast().to()) {
            open.clear();
            return;
        }
        int from = open.getFirst().from();
        int to = open.getLast().to();
        into.add(new Passage(document.substring(from, to), from, to, heading));
        List<Span> kept = List.copyOf(open.subList(Math.max(0, open.size() - keep), open.size()));
        open.clear();
        open.addAll(kept);
    }
}
