package dev.socratic.trainer.data;

import dev.socratic.models.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/// The ids that are the same token on both sides, of two tokenizers that differ in added tokens alone: a padding token
/// that one of them got, reserved ones that were renamed. What is compared are distributions over these ids; a row with
/// another id cannot be.
///
/// @param ids      ascending
/// @param examples of the others some, as `id 'student's' / 'teacher's'`
/// @param count    of the others
public record SharedIds(long[] ids, List<String> examples, int count) {
    private static final int SHOWN = 5;

    public SharedIds {
        examples = List.copyOf(examples);
    }

    /// @return empty where an ordinary token differs: then the texts are cut otherwise, and no id can be trusted
    public static Optional<SharedIds> of(Tokenizer student, Tokenizer teacher) {
        LongStream.Builder same = LongStream.builder();
        List<String> left = new ArrayList<>();
        int count = 0;
        for (long id = 0; id < Math.max(student.vocabularySize(), teacher.vocabularySize()); id++) {
            String mine = student.token(id);
            String theirs = teacher.token(id);
            if (mine.equals(theirs)) {
                if (!mine.isEmpty()) {
                    same.add(id);
                }
            } else if (!mine.isEmpty() && !student.isAdded(id) || !theirs.isEmpty() && !teacher.isAdded(id)) {
                return Optional.empty();
            } else {
                count++;
                if (left.size() < SHOWN) {
                    left.add("%s '%s' / '%s'".formatted(id, named(mine), named(theirs)));
                }
            }
        }
        return Optional.of(new SharedIds(same.build().toArray(), left, count));
    }

    private static String named(String token) {
        return token.isEmpty() ? "nothing" : token;
    }

    /// @return whether they are the first ids, without a gap
    public boolean isPrefix() {
        return ids.length == 0 || ids[ids.length - 1] == ids.length - 1;
    }

    /// @return whether every token of the row, or of both, is the same on both sides
    public boolean containsAll(TokenRow row) {
        return row.answers().stream().allMatch(one -> Arrays.stream(one.ids())
                .allMatch(id -> Arrays.binarySearch(ids, id) >= 0));
    }

    /// @return for each id up to the last shared one its place among the shared, -1 for others
    public long[] ranks() {
        long[] places = new long[ids.length == 0 ? 0 : (int) ids[ids.length - 1] + 1];
        Arrays.fill(places, -1);
        for (int i = 0; i < ids.length; i++) {
            places[(int) ids[i]] = i;
        }
        return places;
    }

    /// @return `2 ids that differ (student / teacher): 259 '[PAD]' / 'nothing', ...`
    public String text() {
        return "%s ids that differ (student / teacher): %s%s".formatted(count, String.join(", ", examples),
                count > examples.size() ? ", ..." : "");
    }
}
