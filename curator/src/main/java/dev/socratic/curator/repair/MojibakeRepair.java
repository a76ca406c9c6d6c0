package dev.socratic.curator.repair;

import dev.socratic.curator.repair.SingleByteTable.Sequence;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Undoes that UTF-8 was read by a table of one byte a character: `It\u00e2\u20ac\u2122s` becomes `It\u2019s`,
/// `caf\u00c3\u00a9` becomes `caf\u00e9`; also where it happened twice.
///
/// A chain of characters is decoded if, taken as bytes of a table, it is UTF-8 of characters that people write
/// ([Plausible]), and no orthography has such a chain. Where it might be both (an accented letter and then a quotation
/// mark, a dash, a degree sign, as in `VIL\u00c4\u201c`), it has to stand in the middle of a word, or beside a chain
/// that leaves no doubt.
/// The idea is that of ftfy (Speer 2019, doi:10.5281/zenodo.2591652), which weighs whole texts; here each chain is
/// weighed by itself, so that a text may be damaged in part.
public final class MojibakeRepair {
    /// In the order they are tried: how often each is met.
    private static final List<SingleByteTable> TABLES = Stream.of("windows-1252", "windows-1251", "windows-1250",
            "windows-1254", "windows-1253", "windows-1257", "x-MacRoman", "IBM437").map(SingleByteTable::new).toList();
    /// What may follow a letter in a text that is fine.
    private static final String ORDINARY = "\u2026\u2018\u2019\u201c\u201d\u201e\u2013\u2014\u00ab\u00bb\u00a0\u00b0"
            + "\u00b1\u00b2\u00b3\u00b5\u00b7\u00b9\u00ba\u00bc\u00bd\u00be\u00d7\u00ae\u2122\u00a7\u00b6\u00a9\u00bf"
            + "\u00a1\u03c0\u221e\u2202\u2211\u220f\u222b\u03a9\u2260\u2264\u2265";
    private static final String QUOTES = "\u2026\u2018\u2019\u201c\u201d\u201e\u2013\u2014\u00ab\u00bb\u00a0";
    private static final Charset WINDOWS = Charset.forName("windows-1252");
    private static final int MOST_TIMES = 4;

    private MojibakeRepair() {}

    /// @param from  where the damaged characters begin
    /// @param to    where they end, exclusive
    /// @param meant what they were
    public record Found(int from, int to, String meant) {}

    /// @return the text decoded, as often as it needs; the same where nothing is wrong
    public static String repaired(String text) {
        String now = text;
        for (int i = 0; i < MOST_TIMES; i++) {
            String next = once(now);
            if (next.equals(now)) {
                return now;
            }
            now = next;
        }
        return now;
    }

    /// @return the first damaged place
    public static Optional<Found> find(String text) {
        return found(text).stream().findFirst();
    }

    private static String once(String text) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        for (Found found : found(text)) {
            out.append(text, at, found.from()).append(found.meant());
            at = found.to();
        }
        return at == 0 ? text : out.append(text.substring(at)).toString();
    }

    private static List<Found> found(String text) {
        if (text.chars().allMatch(c -> c < 0x80)) {
            return List.of();
        }
        Map<SingleByteTable, Integer> tables = new LinkedHashMap<>();
        List<Found> first = found(text, TABLES, Optional.empty(), tables);
        if (tables.isEmpty()) {
            return first;
        }
        // What is certain of one place makes the others likely: of the tables that were seen the one that reads most.
        SingleByteTable best = tables.keySet().stream()
                .reduce((a, b) -> sequences(b, text) > sequences(a, text) ? b : a).orElseThrow();
        List<SingleByteTable> order = new ArrayList<>(TABLES);
        order.remove(best);
        order.addFirst(best);
        return found(text, order, Optional.of(best), new LinkedHashMap<>());
    }

    private static int sequences(SingleByteTable table, String text) {
        int all = 0;
        for (int i = 0; i < text.length(); i++) {
            List<Sequence> chain = chain(table, text, i);
            all += chain.size();
            i = chain.isEmpty() ? i : chain.getLast().to() - 1;
        }
        return all;
    }

    /// @param trusted a table of which all chains count
    /// @param seen    receives the tables of chains, and how many
    private static List<Found> found(String text, List<SingleByteTable> tables, Optional<SingleByteTable> trusted,
            Map<SingleByteTable, Integer> seen) {
        List<Found> all = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < 0x80) {
                continue;
            }
            Optional<Found> found = Optional.empty();
            for (SingleByteTable table : tables) {
                List<Sequence> chain = found.isPresent() ? List.of() : chain(table, text, i);
                if (!chain.isEmpty() && isDamage(table, text, chain, trusted)) {
                    found = Optional.of(decoded(chain));
                    seen.merge(table, 1, Integer::sum);
                }
            }
            found = found.isPresent() ? found : lost(text, i);
            if (found.isPresent()) {
                all.add(found.get());
                i = found.get().to() - 1;
            }
        }
        return all;
    }

    private static boolean isDamage(SingleByteTable table, String text, List<Sequence> chain,
            Optional<SingleByteTable> trusted) {
        boolean windows = table == TABLES.getFirst();
        if (trusted.filter(table::equals).isPresent() && (windows || isApart(text, chain))) {
            return true;
        }
        return windows ? isSure(text, chain) || !isForeign(chain) && isInAWord(text, chain)
                : isSureElsewhere(text, chain);
    }

    /// What lost a byte: a closing quotation mark whose last byte no table has, an `\u00e0` whose blank became a plain
    /// one, a C1 control, which stands for what Windows-1252 has there.
    private static Optional<Found> lost(String text, int at) {
        char c = text.charAt(at);
        if (text.startsWith("\u00e2\u20ac", at)
                && (at + 2 == text.length() || " \n\t\"'.,;:!?)".indexOf(text.charAt(at + 2)) >= 0)) {
            return Optional.of(new Found(at, at + 2, "\u201d"));
        }
        boolean ends = isLower(text, at - 1);
        boolean stands = !Character.isLetter(before(text, at)) && isLower(text, at + 2);
        if (text.startsWith("\u00c3 ", at) && (ends || stands)) {
            return Optional.of(new Found(at, text.startsWith("\u00c3  ", at) ? at + 3 : at + 2, "\u00e0 "));
        }
        if (c >= 0x80 && c <= 0x9F && c != 0x85) {
            String meant = new String(new byte[] {(byte) c}, WINDOWS);
            return meant.charAt(0) == '\uFFFD' ? Optional.empty() : Optional.of(new Found(at, at + 1, meant));
        }
        return Optional.empty();
    }

    private static List<Sequence> chain(SingleByteTable table, String text, int from) {
        List<Sequence> chain = new ArrayList<>();
        int at = from;
        while (at < text.length()) {
            Optional<Sequence> next = table.at(text, at).filter(sequence -> Plausible.is(sequence.meant()));
            if (next.isEmpty()) {
                break;
            }
            chain.add(next.get());
            at = next.get().to();
        }
        return chain;
    }

    private static Found decoded(List<Sequence> chain) {
        StringBuilder meant = new StringBuilder();
        chain.forEach(sequence -> meant.appendCodePoint(sequence.meant()));
        return new Found(chain.getFirst().from(), chain.getLast().to(), meant.toString());
    }

    /// Windows-1252: one sequence that nobody writes is enough.
    private static boolean isSure(String text, List<Sequence> chain) {
        return !isForeign(chain) && chain.stream().anyMatch(sequence -> !isOrdinary(text, sequence));
    }

    /// One letter of a script that is not written one by one.
    private static boolean isForeign(List<Sequence> chain) {
        return chain.size() == 1 && Plausible.isForeignLetter(chain.getFirst().meant());
    }

    private static boolean isOrdinary(String text, Sequence sequence) {
        return text.substring(sequence.from() + 1, sequence.to()).chars().allMatch(c -> ORDINARY.indexOf(c) >= 0);
    }

    /// Windows-1252, doubtful: a capital letter within a word, or an `\u00c2` or `\u00c3`, which begins or ends none.
    private static boolean isInAWord(String text, List<Sequence> chain) {
        Sequence first = chain.getFirst();
        char lead = text.charAt(first.from());
        char before = before(text, first.from());
        boolean quoted = QUOTES.indexOf(text.charAt(first.from() + 1)) >= 0;
        if (Character.isUpperCase(before) || quoted && QUOTES.indexOf(before) >= 0 && before != 0) {
            return false;
        }
        boolean low = Character.isLowerCase(before);
        boolean next = isLower(text, chain.getLast().to());
        return Character.isUpperCase(lead) && (low || next && text.charAt(first.from() + 1) != '\u00a0')
                || lead == '\u00c2' || lead == '\u00c3';
    }

    /// Another table: several characters, or one letter within a word, and no other letter of its kind beside it.
    private static boolean isSureElsewhere(String text, List<Sequence> chain) {
        if (!isApart(text, chain) || isForeign(chain)) {
            return false;
        }
        Sequence first = chain.getFirst();
        boolean before = isAsciiLower(before(text, first.from()));
        boolean after = chain.getLast().to() < text.length() && isAsciiLower(text.charAt(chain.getLast().to()));
        if (chain.stream().allMatch(sequence -> isOrdinary(text, sequence))) {
            return before && after && QUOTES.indexOf(text.charAt(first.from() + 1)) < 0
                    && Character.isLetter(first.meant()) && Character.isLetter(text.charAt(first.from()));
        }
        if (chain.size() > 1 || first.to() - first.from() > 2) {
            return chain.stream().noneMatch(sequence -> isDrawn(text, sequence));
        }
        return Character.isLetter(first.meant()) && (isDrawn(text, first) ? before && after : before || after);
    }

    /// Parts of boxes: `\u251c\u2500` draws a tree.
    private static boolean isDrawn(String text, Sequence sequence) {
        return text.substring(sequence.from() + 1, sequence.to()).chars().anyMatch(c -> c >= 0x2500 && c <= 0x259F);
    }

    private static boolean isApart(String text, List<Sequence> chain) {
        char before = before(text, chain.getFirst().from());
        int to = chain.getLast().to();
        char after = to < text.length() ? text.charAt(to) : 0;
        return !(before >= 0x80 && Character.isLetter(before)) && !(after >= 0x80 && Character.isLetter(after));
    }

    private static char before(String text, int at) {
        return at > 0 ? text.charAt(at - 1) : 0;
    }

    private static boolean isLower(String text, int at) {
        return at >= 0 && at < text.length() && Character.isLowerCase(text.charAt(at));
    }

    private static boolean isAsciiLower(char c) {
        return c >= 'a' && c <= 'z';
    }
}
