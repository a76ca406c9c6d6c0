package dev.socratic.datasets.wordproblems;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.seed.Seeds;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/// Problems one after the other, stories in equal shares, no text twice.
///
/// Remembers 8 bytes of hash for each text: two texts of one hash would cost a problem, never bring a duplicate in.
final class DistinctProblems implements Iterator<WordProblem> {
    private static final int TRIES = 10_000;

    private final WordProblems config;
    private final Supplier<WordProblem> drawn;
    private final Set<Long> seen = new HashSet<>();

    private DistinctProblems(WordProblems config, Supplier<WordProblem> drawn) {
        this.config = config;
        this.drawn = drawn;
    }

    /// @param book whose people, and whose whole stories where these are wanted
    static DistinctProblems of(WordProblems config, StoryBook book) {
        Random random = new Random(Seeds.derive(config.seed(), "word_problems", config.split().name()));
        return new DistinctProblems(config, switch (config.stories()) {
            case TEMPLATES -> templates(book, config.split(), random);
            case COMPOSED -> composed(book, config.split(), random);
        });
    }

    private static Supplier<WordProblem> templates(StoryBook book, Split split, Random random) {
        List<Story> stories = book.of(split);
        ProblemWriter writer = new ProblemWriter(book, random);
        return () -> writer.write(stories.get(random.nextInt(stories.size())), split);
    }

    private static Supplier<WordProblem> composed(StoryBook book, Split split, Random random) {
        StoryGrammar grammar = StoryGrammar.builtin();
        List<Composition> forms = grammar.compositions().stream()
                .filter(form -> form.heldOut() == (split == Split.HELD_OUT_TEMPLATES)).toList();
        ComposedWriter writer = new ComposedWriter(grammar, book, random);
        return () -> writer.write(forms.get(random.nextInt(forms.size())), split);
    }

    @Override
    public boolean hasNext() {
        return seen.size() < config.count();
    }

    /// @throws ConfigException if the stories have no more to give
    @Override
    public WordProblem next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        for (int i = 0; i < TRIES; i++) {
            WordProblem problem = drawn.get();
            if (seen.add(Seeds.derive(0, problem.question()))) {
                return problem;
            }
        }
        throw new ConfigException("word_problems.count", "no more problems than the stories can tell apart",
                String.valueOf(config.count()), "write " + seen.size() + " or less");
    }
}
