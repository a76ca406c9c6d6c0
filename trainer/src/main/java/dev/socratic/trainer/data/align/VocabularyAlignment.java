package dev.socratic.trainer.data.align;

import dev.socratic.models.text.Tokenizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Which entries of a student's and a teacher's vocabulary mean the same.
///
/// Entries agree when they stand for the same bytes ([TokenBytes]); the tokens that end an answer agree whatever they
/// are called.
///
/// @param student the student's ids that agree, in the teacher's order
/// @param teacher the teacher's
/// @param texts   what the entries stand for
/// @param nearest for each of the teacher's ids the student's entry of least edit distance, found when first asked for
public record VocabularyAlignment(long[] student, long[] teacher, Texts texts, Supplier<int[]> nearest) {

    /// @param student of each id
    /// @param teacher of each id
    public record Texts(List<String> student, List<String> teacher) {
        public Texts {
            student = List.copyOf(student);
            teacher = List.copyOf(teacher);
        }
    }

    /// @param ends the ids that end an answer, where both sides have one
    public static VocabularyAlignment of(Tokenizer student, Tokenizer teacher, Optional<Ends> ends) {
        return of(TokenBytes.of(student), TokenBytes.of(teacher), ends);
    }

    /// @param student id that ends an answer
    /// @param teacher id that ends an answer
    public record Ends(long student, long teacher) {}

    /// @param student what its entries stand for, as [TokenBytes] spells it
    /// @param teacher the same
    public static VocabularyAlignment of(List<String> student, List<String> teacher, Optional<Ends> ends) {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < student.size(); id++) {
            ids.putIfAbsent(student.get(id), id);
        }
        ids.remove("");
        int[] partner = new int[teacher.size()];
        Arrays.fill(partner, AlignedSpans.NONE);
        ends.ifPresent(pair -> {
            partner[(int) pair.teacher()] = (int) pair.student();
            ids.values().remove((int) pair.student());
        });
        for (int id = 0; id < partner.length; id++) {
            if (partner[id] < 0) {
                Integer mine = ids.remove(teacher.get(id));
                partner[id] = mine == null ? AlignedSpans.NONE : mine;
            }
        }
        long[] theirs = IntStream.range(0, partner.length).filter(id -> partner[id] >= 0).mapToLong(id -> id).toArray();
        long[] mine = Arrays.stream(theirs).map(id -> partner[(int) id]).toArray();
        return new VocabularyAlignment(mine, theirs, new Texts(student, teacher),
                new Once(() -> NearestTokens.of(student, teacher, partner)));
    }

    /// @return entries of the student's tokenizer
    public int studentSize() {
        return texts.student().size();
    }

    /// @return entries of the teacher's
    public int teacherSize() {
        return texts.teacher().size();
    }

    /// @return agreeing share of the teacher's vocabulary
    public double share() {
        return (double) teacher.length / teacherSize();
    }

    /// @return the student's ids without a partner, ascending
    public long[] studentRest() {
        return rest(student, studentSize());
    }

    /// @return the teacher's
    public long[] teacherRest() {
        return rest(teacher, teacherSize());
    }

    private static long[] rest(long[] taken, int size) {
        boolean[] gone = new boolean[size];
        Arrays.stream(taken).forEach(id -> gone[(int) id] = true);
        return IntStream.range(0, size).filter(id -> !gone[id]).mapToLong(id -> id).toArray();
    }

    /// Made when first asked for: large vocabularies take seconds.
    private static final class Once implements Supplier<int[]> {
        private final Supplier<int[]> maker;
        private Optional<int[]> made = Optional.empty();

        Once(Supplier<int[]> maker) {
            this.maker = maker;
        }

        @Override
        public synchronized int[] get() {
            if (made.isEmpty()) {
                made = Optional.of(maker.get());
            }
            return made.get();
        }
    }
}
