package dev.socratic.curator.config;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.datasets.source.QuestionSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// One step of a curation and its limits. What each measures, and where its limits come from, stands at the class
/// that does it.
public sealed interface StepConfig permits
        StepConfig.Verdicts,
        StepConfig.Format,
        StepConfig.Length,
        StepConfig.Repetition,
        StepConfig.Language,
        StepConfig.Refusal,
        StepConfig.Reasoning,
        StepConfig.Consistency,
        StepConfig.Quality,
        StepConfig.Artifacts,
        StepConfig.Pii,
        StepConfig.Toxicity,
        StepConfig.Repair,
        StepConfig.ExactDuplicates,
        StepConfig.NearDuplicates,
        StepConfig.SubstringDuplicates,
        StepConfig.SemanticDuplicates,
        StepConfig.Clusters,
        StepConfig.Decontaminate,
        StepConfig.Review, StepConfig.Select,
        ScoreConfig,
        SelectionConfig {
    /// How files of quality rules end.
    String RULES = ".rules.yaml";
    /// How files of lists of words end.
    String WORDS = ".words.yaml";

    /// @return names of the models it asks, keys of the recipe's `models`
    default Set<String> models() {
        return Set.of();
    }

    /// @return names of the models it embeds texts with, likewise
    default Set<String> embedders() {
        return Set.of();
    }

    /// Drops rows with a failed verdict; the reason is the name of the check.
    ///
    /// @param ignore checks whose failure does not count
    record Verdicts(@Default("[]") List<String> ignore) implements StepConfig {
        public Verdicts {
            ignore = List.copyOf(ignore);
        }
    }

    /// Drops rows that do not have the form a student is to learn.
    ///
    /// @param requireReasoning   whether a row needs reasoning
    /// @param requireFinalAnswer whether a row needs a final answer; left out, rows that `generate` wrote do
    /// @param requireEnd         whether the answer must have ended by itself (`finish_reason` is `stop`, no sentence
    ///                           left open), not by the token limit
    record Format(
            @Default("false") boolean requireReasoning,
            Optional<Boolean> requireFinalAnswer,
            @Default("true") boolean requireEnd)
            implements StepConfig {}

    /// Drops rows whose text is too short or too long.
    ///
    /// @param of   which text
    /// @param unit counted in what
    /// @param min  least that stays
    /// @param max  most that stays
    record Length(@Default("answer") TextPart of, @Default("words") Unit unit, @Default("1") int min,
            @Default("4000") int max)
            implements StepConfig {
        public Length {
            if (min < 0 || max < min) {
                throw new IllegalArgumentException("min and max: 0 <= min <= max; got %s and %s".formatted(min, max));
            }
        }

        /// What a length is counted in.
        public enum Unit {
            /// Words as in [dev.socratic.curator.text.Words].
            WORDS,
            /// Unicode code points.
            CHARACTERS
        }
    }

    /// Drops answers that repeat themselves.
    ///
    /// @param minWords        answers with fewer words are judged by `loops` only
    /// @param topNgrams       most characters the most frequent word n-gram may cover, as shares, for n = 2, 3, 4
    /// @param duplicateNgrams most characters that repeated word n-grams may cover, as shares, for n = 5 to 10
    /// @param loops           an answer that ends in at least this many copies of the same words, one after the
    ///                        other, is in a loop
    record Repetition(
            @Default("50") int minWords,
            @Default("[0.50, 0.60, 0.50]") List<Double> topNgrams,
            @Default("[0.60, 0.55, 0.55, 0.55, 0.50, 0.45]") List<Double> duplicateNgrams,
            @Default("6") int loops)
            implements StepConfig {
        public Repetition {
            topNgrams = shares("top_ngrams", topNgrams, 3);
            duplicateNgrams = shares("duplicate_ngrams", duplicateNgrams, 6);
            if (loops < 2) {
                throw new IllegalArgumentException("loops: at least 2; got %s".formatted(loops));
            }
        }

        private static List<Double> shares(String name, List<Double> shares, int size) {
            if (shares.size() != size || shares.stream().anyMatch(share -> !(share > 0 && share <= 1))) {
                throw new IllegalArgumentException(
                        "%s: %s shares in (0, 1]; got %s; 1 switches a limit off".formatted(name, size, shares));
            }
            return List.copyOf(shares);
        }
    }

    /// Drops rows in another language, and tells which languages there are. Question and answer are judged apart.
    ///
    /// @param expect ISO 639-1 code; `auto` takes the language that most of the corpus is in, and where there is
    ///               none, asks only that an answer is in the language of its question
    /// @param of     which text
    /// @param keep   ISO 639-1 codes of all languages that stay, in a corpus of several; `expect` is then `auto`
    /// @param mixed  what becomes of an answer whose paragraphs are in several languages
    record Language(
            @Default("auto") String expect,
            @Default("both") TextPart of,
            @Default("[]") List<String> keep,
            @Default("keep") Mixed mixed)
            implements StepConfig {
        public Language {
            keep = List.copyOf(keep);
            if (!keep.isEmpty() && !expect.equals("auto")) {
                throw new IllegalArgumentException(
                        "expect: nothing beside keep; got '%s'; add it to keep, or leave keep out".formatted(expect));
            }
        }

        /// One language is expected.
        public Language(String expect, TextPart of) {
            this(expect, of, List.of(), Mixed.KEEP);
        }

        /// Whether an answer in several languages stays.
        public enum Mixed {
            /// It stays, and its score tells.
            KEEP,
            /// It goes.
            DROP
        }
    }

    /// Drops rows in which the assistant declines to answer.
    record Refusal() implements StepConfig {}

    /// Drops rows without reasoning where reasoning is to be learned.
    ///
    /// @param bare   what becomes of an answer that shows no work at all (`96`, `The answer is 8.`)
    /// @param copied most of the question that an answer may begin by repeating, as a share of its runs of words
    record Reasoning(@Default("auto") Bare bare, @Default("0.9") double copied) implements StepConfig {
        public Reasoning {
            if (!(copied >= 0 && copied <= 1)) {
                throw new IllegalArgumentException(
                        "copied: a share in [0, 1]; got %s; 1 switches the rule off".formatted(copied));
            }
        }

        /// Whether a bare answer stays.
        public enum Bare {
            /// It goes where at least nine in ten answers of the corpus show their work.
            AUTO,
            /// It stays.
            KEEP,
            /// It goes.
            DROP
        }
    }

    /// Drops rows whose answer contradicts the right answer or itself.
    ///
    /// @param gold       fields of a row that may hold the right answer, the first that is there counts; of rows of
    ///                   `generate` the questions know it
    /// @param itself     whether two different final answers in one row count
    /// @param arithmetic whether an equation that does not hold counts
    record Consistency(
            @Default("[gold, gold_answer, expected_answer, reference_answer, ground_truth, final_answer, answer]")
                    List<String> gold,
            @Default("true") boolean itself,
            @Default("true") boolean arithmetic)
            implements StepConfig {
        public Consistency {
            gold = List.copyOf(gold);
        }
    }

    /// Drops rows that break a rule of a published filter, and takes out lines where it says so.
    ///
    /// @param rules name of the filter (`gopher`, `gopher_repetition`, `c4`, `fineweb`, `dolma`, `refined_web`,
    ///              `instruction`, `reasoning`), or path of a file `<name>.rules.yaml`
    /// @param of    which text; left out, what the rules say
    record Quality(
            @Default("reasoning") @NameOrFile(StepConfig.RULES) String rules,
            Optional<TextPart> of)
            implements StepConfig {}

    /// Drops rows with what a broken export leaves in a text.
    ///
    /// @param mojibake whether letters that were decoded wrongly count, and replacement characters
    /// @param html     whether remnants of a web page count, outside of code
    record Artifacts(@Default("true") boolean mojibake, @Default("true") boolean html) implements StepConfig {}

    /// Finds personal data and secrets in every text of a row.
    ///
    /// @param action  what becomes of them
    /// @param kinds   what is looked for
    /// @param regions ISO 3166 codes of the regions whose national telephone numbers count; numbers with `+` always
    /// do
    record Pii(
            @Default("mask") Action action,
            @Default("[url_credentials, key, email, iban, card, national_id, phone, ip_address]") List<PiiKind> kinds,
            @Default("[US]") List<String> regions)
            implements StepConfig {
        public Pii {
            kinds = List.copyOf(kinds);
            regions = List.copyOf(regions);
            if (kinds.isEmpty()) {
                throw new IllegalArgumentException("kinds: at least one; got none; leave the field out for all");
            }
        }

        /// What becomes of what is found.
        public enum Action {
            /// It is replaced: `[EMAIL_1]`.
            MASK,
            /// The row goes.
            DROP,
            /// The row stays as it is, and its scores tell.
            FLAG
        }
    }

    /// Drops rows with words of a list: insults, threats, hate.
    ///
    /// @param words name of the list (`toxic`), or path of a file `<name>.words.yaml`
    /// @param most  most of them that stay
    /// @param of    which text
    record Toxicity(
            @Default("toxic") @NameOrFile(StepConfig.WORDS) String words,
            @Default("0") int most,
            @Default("both") TextPart of)
            implements StepConfig {
        public Toxicity {
            if (most < 0) {
                throw new IllegalArgumentException(
                        "most: at least 0 words; got %s; 0 drops every row with one".formatted(most));
            }
        }
    }

    /// Repairs what a careless export did to the texts of a row, the user's too; drops rows where it cannot.
    ///
    /// @param mojibake whether letters decoded by the wrong table are decoded again
    /// @param html     whether remnants of web pages go, outside of code and formulas
    /// @param hidden   whether control characters and characters of no width go
    /// @param lineEnds whether every line end is a line feed
    /// @param form     of Unicode
    /// @param mostLost most replacement characters (U+FFFD) in a text that stays
    record Repair(
            @Default("true") boolean mojibake,
            @Default("true") boolean html,
            @Default("true") boolean hidden,
            @Default("true") boolean lineEnds,
            @Default("nfc") Form form,
            @Default("0") int mostLost)
            implements StepConfig {
        public Repair {
            if (mostLost < 0) {
                throw new IllegalArgumentException(
                        "most_lost: at least 0 characters; got %s; 0 drops every such row".formatted(mostLost));
            }
        }

        /// A normalisation form of Unicode (UAX 15).
        public enum Form {
            /// As it came.
            NONE,
            /// Letters with their accents as one character: how nearly all text is written.
            NFC,
            /// Also full width, ligatures, exponents as plain characters: `x\u00b2` becomes `x2`: never for formulas.
            NFKC
        }
    }

    /// Drops rows whose text is, but for blanks, that of another row.
    ///
    /// @param on    which text
    /// @param keep  which row of a cluster stays
    /// @param score for `best_score`: a score of an earlier step (`quality.gopher.words`) or a field of the row
    record ExactDuplicates(@Default("both") TextPart on, @Default("first") KeptMember keep, Optional<String> score)
            implements StepConfig {
        public ExactDuplicates {
            KeptMember.check(keep, score);
        }

        /// The first stays.
        public ExactDuplicates(TextPart on) {
            this(on, KeptMember.FIRST, Optional.empty());
        }
    }

    /// Drops rows whose text is nearly that of another row. Texts that are alike, and those like them, are a cluster;
    /// which of it stay say `keep` and `chains`.
    ///
    /// @param on           which text
    /// @param threshold    least Jaccard similarity of the word shingles that counts as a duplicate
    /// @param shingle      words a shingle
    /// @param numbers      whether texts with other numbers may be duplicates
    /// @param negation     whether texts of which one denies what the other says may be
    /// @param answers      whether questions with other right answers may be: the gold answer where one is known, of
    ///                     rows that `generate` did not write also the final answer they state
    /// @param recall       least expected share of the pairs exactly at the threshold that are found
    /// @param permutations most MinHash values a text
    /// @param seed         of the hash functions
    /// @param keep         which row of a cluster stays
    /// @param score        for `best_score`: a score of an earlier step (`quality.gopher.words`) or a field of the
    /// row
    /// @param chains       what becomes of a row of a cluster that is not itself alike to one that stays
    record NearDuplicates(
            @Default("question") TextPart on,
            @Default("0.8") double threshold,
            @Default("2") int shingle,
            @Default("same") Agreement numbers,
            @Default("same") Agreement negation,
            @Default("same") Agreement answers,
            @Default("0.99") double recall,
            @Default("128") int permutations,
            @Default("1") long seed,
            @Default("first") KeptMember keep,
            Optional<String> score,
            @Default("keep") Chains chains)
            implements StepConfig {
        public NearDuplicates {
            KeptMember.check(keep, score);
            if (!(threshold > 0 && threshold <= 1)) {
                throw new IllegalArgumentException(
                        "threshold: a number in (0, 1]; got %s; 0.8 is usual".formatted(threshold));
            }
            if (!(recall > 0 && recall < 1)) {
                throw new IllegalArgumentException(
                        "recall: a number in (0, 1); got %s; 0.99 is usual".formatted(recall));
            }
            if (shingle < 1 || permutations < 1) {
                throw new IllegalArgumentException(
                        "shingle and permutations: at least 1 each; got %s and %s".formatted(shingle, permutations));
            }
        }

        /// The first stays, and so does what is like one that goes alone.
        public NearDuplicates(TextPart on, double threshold, int shingle, Agreement numbers, Agreement negation,
                Agreement answers, double recall, int permutations, long seed) {
            this(on, threshold, shingle, numbers, negation, answers, recall, permutations, seed, KeptMember.FIRST,
                    Optional.empty(), Chains.KEEP);
        }

        /// Whether something tells texts apart.
        public enum Agreement {
            /// It does not: numbers and negations are words like any other.
            ANY,
            /// Texts that differ in it are never duplicates: other numbers make another problem, `is not true`
            /// another question.
            SAME
        }
    }

    /// Drops rows that mean nearly what another row means, by the vectors of an encoder.
    ///
    /// @param embeddings a key of the recipe's `models`: a folder of a sentence encoder, or an endpoint for embeddings
    /// @param on         which text
    /// @param cosine     least cosine that counts as a duplicate
    /// @param neighbours nearest texts that a text is compared with
    /// @param numbers    whether texts with other numbers may be duplicates
    /// @param negation   whether texts of which one denies what the other says may be
    /// @param answers    whether questions with other right answers may be
    /// @param keep       which row of a cluster stays
    /// @param score      for `best_score`: a score of an earlier step or a field of the row
    /// @param chains     what becomes of a row of a cluster that is not itself alike to one that stays
    record SemanticDuplicates(
            String embeddings,
            @Default("question") TextPart on,
            @Default("0.9") double cosine,
            @Default("16") int neighbours,
            @Default("same") NearDuplicates.Agreement numbers,
            @Default("same") NearDuplicates.Agreement negation,
            @Default("same") NearDuplicates.Agreement answers,
            @Default("first") KeptMember keep,
            Optional<String> score,
            @Default("keep") Chains chains)
            implements StepConfig {
        @Override
        public Set<String> embedders() {
            return Set.of(embeddings);
        }

        public SemanticDuplicates {
            KeptMember.check(keep, score);
            if (!(cosine > 0 && cosine <= 1)) {
                throw new IllegalArgumentException("cosine: a number in (0, 1]; got %s; 0.9 suits questions".formatted(
                        cosine));
            }
            if (neighbours < 1) {
                throw new IllegalArgumentException("neighbours: at least 1; got %s; 16 is enough for most corpora"
                        .formatted(neighbours));
            }
        }
    }

    /// Says what each row is about: a cluster with a name, and a place on a map of the corpus. Drops nothing.
    ///
    /// @param embeddings a key of the recipe's `models`; left out, rows are compared by their words
    /// @param on         which text
    /// @param clusters   how many; left out, half the root of the rows, at least 2 and at most 50
    /// @param sample     most rows that clusters and map are learnt from
    /// @param seed       of the draws
    record Clusters(Optional<String> embeddings, @Default("question") TextPart on, Optional<Integer> clusters,
            @Default("20000") int sample, @Default("1") long seed) implements StepConfig {
        @Override
        public Set<String> embedders() {
            return embeddings.map(Set::of).orElse(Set.of());
        }

        public Clusters {
            clusters.ifPresent(count -> {
                if (count < 1 || count > 1_000) {
                    throw new IllegalArgumentException(
                            "clusters: from 1 to 1,000; got %s; leave it out for half the root of the rows"
                                    .formatted(count));
                }
            });
            if (sample < 100 || sample > 100_000) {
                throw new IllegalArgumentException(
                        "sample: from 100 to 100,000; got %s; 20000 takes some 20 seconds".formatted(sample));
            }
        }

        /// @return how many clusters so many rows are put into
        public int clustersOf(int rows) {
            return clusters.orElse((int) Math.max(2, Math.min(50, Math.round(Math.sqrt(rows) / 2))));
        }
    }

    /// Drops rows that stand for the most part in earlier rows, word for word, and cuts such passages out of others.
    ///
    /// @param on       which text; questions are never cut
    /// @param min      shortest passage that counts
    /// @param unit     counted in what: words as they are written, or characters
    /// @param share    most of a row that may stand in earlier ones, in [0, 1]
    /// @param cut      whether the passages are taken out of answers that stay
    /// @param memoryMb most megabytes of memory; about 24 bytes for every `min / 2` words or characters
    record SubstringDuplicates(@Default("answer") TextPart on, @Default("50") int min,
            @Default("words") Length.Unit unit, @Default("0.5") double share, @Default("false") boolean cut,
            @Default("1024") int memoryMb)
            implements StepConfig {
        public SubstringDuplicates {
            if (min < 2 || memoryMb < 1) {
                throw new IllegalArgumentException("min and memory_mb: at least 2 and 1; got %s and %s; 50 words are "
                        .formatted(min, memoryMb) + "usual");
            }
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException(
                        "share: a number in [0, 1]; got %s; 0.5 drops what is for the most part copied"
                                .formatted(share));
            }
            if (cut && on != TextPart.ANSWER) {
                throw new IllegalArgumentException("cut: answers are cut, questions never; got 'on: %s'; write "
                        .formatted(on.spelled()) + "'on: answer'");
            }
        }
    }

    /// Drops rows whose question is, or is nearly, one of the evaluation questions.
    ///
    /// @param against   where evaluation questions are, besides those of the recipe's own evaluation
    /// @param ngram     words in a row that must be equal
    /// @param coverage  least share of the evaluation question that must lie in such runs
    /// @param numbers   least agreement of the numbers of both questions; 0 ignores numbers, 1 wants them all
    /// @param retrieval the second rule, for rephrased questions
    /// @param seed      handed to the sources of `against`, for those that draw: the seed the evaluation uses
    /// @param embeddings the third rule, for questions rephrased in other words; rows are then read twice
    /// @param judge     the fourth rule: a model is asked
    record Decontaminate(
            @Default("[]") List<QuestionSource> against,
            @Default("8") int ngram,
            @Default("0.5") double coverage,
            @Default("0.8") double numbers,
            @Default("{}") Retrieval retrieval,
            @Default("0") long seed,
            Optional<Embeddings> embeddings,
            Optional<Judge> judge)
            implements StepConfig {
        /// As the default of `steps` has it.
        public static final Decontaminate STANDARD = new Decontaminate(List.of(), 8, 0.5, 0.8,
                new Retrieval(5, 0.4, 0.8), 0);

        /// By words alone.
        public Decontaminate(List<QuestionSource> against, int ngram, double coverage, double numbers,
                Retrieval retrieval, long seed) {
            this(against, ngram, coverage, numbers, retrieval, seed, Optional.empty(), Optional.empty());
        }

        public Decontaminate {
            against = List.copyOf(against);
            if (ngram < 1) {
                throw new IllegalArgumentException("ngram: at least 1 word; got %s; 8 is usual".formatted(ngram));
            }
            if (!(coverage >= 0 && coverage <= 1)) {
                throw new IllegalArgumentException(
                        "coverage: a share in [0, 1]; got %s; 0 lets one run of words decide".formatted(coverage));
            }
            if (!(numbers >= 0 && numbers <= 1)) {
                throw new IllegalArgumentException(
                        "numbers: a share in [0, 1]; got %s; 0 ignores numbers".formatted(numbers));
            }
        }

        @Override
        public Set<String> models() {
            return judge.stream().map(Judge::model).collect(Collectors.toUnmodifiableSet());
        }

        @Override
        public Set<String> embedders() {
            return embeddings.stream().map(Embeddings::model).collect(Collectors.toUnmodifiableSet());
        }

        /// @param model                a key of the recipe's `models`: a sentence encoder, or an endpoint that embeds
        /// @param top                  how many evaluation questions are compared with a row: the nearest
        /// @param cosine               least cosine where the numbers agree
        /// @param cosineOtherNumbers   least cosine where they agree by `numbers_other` only
        /// @param numbersOther         least agreement of the numbers for that, in [0, 1]
        /// @param cosineWithoutNumbers least cosine with an evaluation question without numbers
        public record Embeddings(String model, @Default("5") int top, @Default("0.7") double cosine,
                @Default("0.85") double cosineOtherNumbers, @Default("0.5") double numbersOther,
                @Default("0.9") double cosineWithoutNumbers) {
            public Embeddings {
                if (top < 1) {
                    throw new IllegalArgumentException("top: at least 1; got %s; 5 is usual".formatted(top));
                }
                for (double limit : new double[] {cosine, cosineOtherNumbers, cosineWithoutNumbers}) {
                    if (!(limit > 0 && limit <= 1)) {
                        throw new IllegalArgumentException(("cosine, cosine_other_numbers and cosine_without_numbers: "
                                + "numbers in (0, 1]; got %s; 1 switches a rule off").formatted(limit));
                    }
                }
                if (!(numbersOther >= 0 && numbersOther <= 1)) {
                    throw new IllegalArgumentException("numbers_other: a share in [0, 1]; got %s; 0.5 is usual"
                            .formatted(numbersOther));
                }
            }
        }

        /// @param model  a key of the recipe's `models`
        /// @param top    about how many evaluation questions it is asked for a row: those the rules before propose
        /// @param cosine least cosine of a proposal: of vectors where there are `embeddings`, of words otherwise
        /// @param agree  whether one of the two questions asked, or both, have to be answered with yes
        public record Judge(String model, @Default("2") int top, @Default("0.5") double cosine,
                @Default("both") Agree agree) {
            public Judge {
                if (top < 1 || !(cosine >= 0 && cosine <= 1)) {
                    throw new IllegalArgumentException(
                            "top and cosine: at least 1, and a number in [0, 1]; got %s and %s".formatted(top, cosine));
                }
            }

            /// Of two answers: is the one question the other rephrased, and the other way round.
            public enum Agree {
                /// One yes is enough.
                EITHER,
                /// Both are needed.
                BOTH
            }
        }

        /// @param top                  how many evaluation questions BM25 proposes for a row; 0 switches the rule off
        /// @param cosine               least TF-IDF cosine with one of them
        /// @param cosineWithoutNumbers the same for a question without numbers, which has nothing else to tell it by
        public record Retrieval(
                @Default("5") int top, @Default("0.4") double cosine, @Default("0.8") double cosineWithoutNumbers) {
            public Retrieval {
                if (top < 0) {
                    throw new IllegalArgumentException("top: at least 0; got %s; 0 switches retrieval off".formatted(
                            top));
                }
                if (!(cosine > 0 && cosine <= 1) || !(cosineWithoutNumbers > 0 && cosineWithoutNumbers <= 1)) {
                    throw new IllegalArgumentException(
                            "cosine and cosine_without_numbers: numbers in (0, 1]; got %s and %s"
                                    .formatted(cosine, cosineWithoutNumbers));
                }
            }
        }
    }

    /// Makes what people decided on the review page hold.
    ///
    /// @param decisions files of decisions; none for those of the run itself (`review/decisions.jsonl`)
    /// @param binding   steps that drop a row whatever people accepted
    record Review(@Default("[]") List<Path> decisions,
            @Default("[decontaminate, exact_duplicates]") List<String> binding) implements StepConfig {
        /// A question of the evaluation is none to train on, and a row that is there twice is there still.
        static final List<String> BINDING = List.of("decontaminate", "exact_duplicates");

        public Review {
            decisions = List.copyOf(decisions);
            binding = List.copyOf(binding);
        }
    }

    /// Keeps at most so many answers a question.
    ///
    /// @param perQuestion most answers that stay
    /// @param by          which ones
    /// @param seed        of the draw, for `random`
    record Select(@Default("4") int perQuestion, @Default("random") Order by,
            @Default("1") long seed) implements StepConfig {
        public Select {
            if (perQuestion < 1) {
                throw new IllegalArgumentException("per_question: at least 1; got %s".formatted(perQuestion));
            }
        }

        /// Which answers come first. Equal ones are ordered by id.
        public enum Order {
            /// Fewest characters: less to learn for the same result.
            SHORTEST,
            /// Most characters: more worked out.
            LONGEST,
            /// As they came.
            FIRST,
            /// Farthest-first: the shortest, then always the one least like those chosen (Jaccard of word pairs;
            /// Gonzalez 1985).
            DIVERSE,
            /// Drawn with the seed and the row's id, whatever the order of the rows.
            RANDOM
        }
    }
}
