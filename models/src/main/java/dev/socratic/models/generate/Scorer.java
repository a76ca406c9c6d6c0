package dev.socratic.models.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.models.network.ChunkedHead;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Distribution;
import dev.socratic.models.network.Padded;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.models.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Scores continuations as the harnesses do, so that numbers can be compared.
///
/// Blanks at the end of the context move to the continuation. The context is read as its own tokens, and behind them
/// stand the tokens of both
/// together from that many on, also where the two share a token; an empty context is the BOS token, or the EOS token
/// where there is none, or, where
/// the continuation begins with that, nothing; what is longer than the model's context loses its beginning.
final class Scorer {
    private final Decoder decoder;
    private final Tokenizer tokenizer;
    private final SpecialTokens special;
    private final Distribution distribution;
    private final ChunkedHead head = new ChunkedHead();
    private final int batch;

    Scorer(Decoder decoder, Tokenizer tokenizer, SpecialTokens special, Distribution distribution, int batch) {
        this.decoder = decoder;
        this.tokenizer = tokenizer;
        this.special = special;
        this.distribution = distribution;
        this.batch = batch;
    }

    /// @param ids   context and continuation
    /// @param first index of the first token of the continuation, at least 1
    private record Item(long[] ids, int first) {
        int tokens() {
            return ids.length - first;
        }
    }

    List<ContinuationScore> score(List<ScoreRequest> requests, NDManager manager) {
        List<Item> items = requests.stream().map(this::item).toList();
        ContinuationScore[] scores = new ContinuationScore[items.size()];
        List<Integer> order = IntStream.range(0, items.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> -items.get(i).ids().length)) // alike in length, little padding
                .toList();
        for (int from = 0; from < order.size(); from += batch) {
            List<Integer> together = order.subList(from, Math.min(order.size(), from + batch));
            try (NDManager step = manager.newSubManager()) {
                List<ContinuationScore> part = scored(together.stream().map(items::get).toList(), step);
                for (int i = 0; i < part.size(); i++) {
                    scores[together.get(i)] = part.get(i);
                }
            }
        }
        return List.of(scores);
    }

    private Item item(ScoreRequest request) {
        String context = stripped(request.context());
        String continuation = request.context().substring(context.length()) + request.continuation();
        long[] before = context.isEmpty() ? new long[] {prefix()} : tokenizer.encode(context);
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
        return new Item(Arrays.copyOfRange(whole, cut, whole.length), first - cut);
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

    private long prefix() {
        return special.bos().orElseGet(() -> special.eos().stream().findFirst().orElseThrow(() -> new DataException(
                "context", "text, or a model with a BOS or EOS token to begin with", "neither",
                "give each continuation a context")));
    }

    private static long[] joined(long[] a, long[] b) {
        long[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private List<ContinuationScore> scored(List<Item> items, NDManager step) {
        Padded padded = Padded.inputs(items.stream().map(Item::ids).toList());
        List<Long> places = new ArrayList<>();
        List<Long> labels = new ArrayList<>();
        for (int row = 0; row < items.size(); row++) {
            Item item = items.get(row);
            for (int at = item.first(); at < item.ids().length; at++) {
                places.add((long) padded.place(row, at - 1)); // the state before a token predicts it
                labels.add(item.ids()[at]);
            }
        }
        if (labels.isEmpty()) {
            return items.stream().map(item -> new ContinuationScore(0, 0, true)).toList();
        }
        NDArray states = decoder.forward(padded.array(step), padded.lengths(), Set.of(), false).states();
        NDArray hidden = distribution.select(states, step.create(longs(places))); // [tokens, hidden]
        NDArray wanted = step.create(longs(labels)); // [tokens]
        float[] logProbabilities = new float[labels.size()];
        boolean[] likeliest = new boolean[labels.size()];
        head.walk(hidden, decoder.config().vocab(), part -> decoder.logits(part, false), (chunk, logits) -> {
            float[] logs = distribution.labelLogProbability(logits, chunk.of(wanted)).toFloatArray();
            System.arraycopy(logs, 0, logProbabilities, chunk.from(), chunk.size());
            boolean[] largest = distribution.isArgmax(logits, chunk.of(wanted)).toBooleanArray();
            System.arraycopy(largest, 0, likeliest, chunk.from(), chunk.size());
        });
        return sums(items, logProbabilities, likeliest);
    }

    private static List<ContinuationScore> sums(List<Item> items, float[] logProbabilities, boolean[] likeliest) {
        List<ContinuationScore> scores = new ArrayList<>();
        int at = 0;
        for (Item item : items) {
            double sum = 0;
            boolean greedy = true;
            for (int end = at + item.tokens(); at < end; at++) {
                sum += logProbabilities[at];
                greedy &= likeliest[at];
            }
            scores.add(new ContinuationScore(sum, item.tokens(), greedy));
        }
        return scores;
    }

    private static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }
}
