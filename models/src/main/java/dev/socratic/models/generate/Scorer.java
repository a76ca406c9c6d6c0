package dev.socratic.models.generate;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TokenScore;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Distribution;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.models.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Scores continuations as the harnesses do, so that numbers can be compared.
///
/// Blanks at the end of the context move to the continuation, unless they are to stay. The context is read as its own
/// tokens, and behind them stand the tokens of both together from that many on, also where the two share a token; an
/// empty context is the BOS token, or the EOS token where there is none, or, where the continuation begins with that,
/// nothing; what is longer than the model's context loses its beginning, and the score says how much.
final class Scorer {
    private final Decoder decoder;
    private final Tokenizer tokenizer;
    private final SpecialTokens special;
    private final LabelReader reader;

    Scorer(Decoder decoder, Tokenizer tokenizer, SpecialTokens special, Distribution distribution) {
        this.decoder = decoder;
        this.tokenizer = tokenizer;
        this.special = special;
        this.reader = new LabelReader(decoder, distribution);
    }

    /// @param ids   context and continuation
    /// @param first index of the first token of the continuation, at least 1
    /// @param lost  tokens cut off before the first
    private record Item(long[] ids, int first, int lost) {
        int tokens() {
            return ids.length - first;
        }
    }

    List<ContinuationScore> score(List<ScoreRequest> requests, NDManager manager) {
        List<Item> items = requests.stream().map(this::item).toList();
        List<Sum> sums = items.stream().map(item -> new Sum()).toList();
        List<Integer> asked = IntStream.range(0, items.size()).filter(i -> items.get(i).tokens() > 0).boxed().toList();
        reader.read(asked.stream().map(i -> new LabelReader.Row(items.get(i).ids(), items.get(i).first())).toList(),
                manager, (row, log, likeliest) -> sums.get(asked.get(row)).add(log, likeliest));
        return IntStream.range(0, items.size()).mapToObj(i -> sums.get(i).score(items.get(i).lost())).toList();
    }

    /// The same, every token for itself.
    List<List<TokenScore>> tokens(List<ScoreRequest> requests, NDManager manager) {
        List<Item> items = requests.stream().map(this::item).toList();
        List<List<TokenScore>> found = items.stream().<List<TokenScore>>map(item -> new ArrayList<>()).toList();
        List<Integer> asked = IntStream.range(0, items.size()).filter(i -> items.get(i).tokens() > 0).boxed().toList();
        reader.read(asked.stream().map(i -> new LabelReader.Row(items.get(i).ids(), items.get(i).first())).toList(),
                manager, (row, log, likeliest) -> {
                    Item item = items.get(asked.get(row));
                    List<TokenScore> into = found.get(asked.get(row));
                    into.add(new TokenScore(piece(item.ids(), item.first() + into.size()), log));
                });
        return found;
    }

    /// What a token adds to the one before it: alone, tokens of some vocabularies lose their blank.
    private String piece(long[] ids, int at) {
        String before = tokenizer.decode(new long[] {ids[at - 1]}, false);
        String both = tokenizer.decode(new long[] {ids[at - 1], ids[at]}, false);
        return both.startsWith(before) ? both.substring(before.length())
                : tokenizer.decode(new long[] {ids[at]}, false);
    }

    /// Of a continuation, token by token in their order.
    private static final class Sum {
        private double logProbability;
        private int tokens;
        private boolean greedy = true;

        void add(float log, boolean likeliest) {
            logProbability += log;
            greedy &= likeliest;
            tokens++;
        }

        ContinuationScore score(int lost) {
            return new ContinuationScore(logProbability, tokens, greedy, lost);
        }
    }

    private Item item(ScoreRequest request) {
        String context = request.exact() ? request.context() : stripped(request.context());
        String continuation = request.context().substring(context.length()) + request.continuation();
        long[] before = context.isEmpty() ? new long[] {special.prefix()} : tokenizer.encode(context);
        long[] both = tokenizer.encode(context + continuation);
        int shared = context.isEmpty() ? both.length > 0 && both[0] == before[0] ? 1 : 0
                : Math.min(before.length, both.length);
        long[] whole = joined(before, Arrays.copyOfRange(both, shared, both.length));
        int first = before.length;
        int longest = decoder.config().context() + 1; // the last token is only predicted, never read
        int cut = Math.max(0, whole.length - longest);
        if (first - cut < 1) {
            throw new DataException("continuation", "at most %s tokens, the model's context".formatted(longest - 1),
                    "%s".formatted(whole.length - first), "shorten it");
        }
        return new Item(Arrays.copyOfRange(whole, cut, whole.length), first - cut, cut);
    }

    /// Without what Python's `rstrip` takes: more than Java's blanks.
    private static String stripped(String text) {
        int end = text.length();
        while (end > 0 && (Character.isWhitespace(text.charAt(end - 1)) || Character.isSpaceChar(text.charAt(end - 1))
                || text.charAt(end - 1) == 0x85)) {
            end--;
        }
        return text.substring(0, end);
    }

    private static long[] joined(long[] a, long[] b) {
        long[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
