package dev.socratic.trainer.config;

import dev.socratic.core.config.Alias;
import dev.socratic.core.config.Default;
import dev.socratic.core.error.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/// Where the student's first weights come from.
public sealed interface StudentStart {

    /// Weights drawn at random, from the run's seed, for a Llama of this shape. The vocabulary is the tokenizer's.
    ///
    /// @param hidden           width of the residual stream
    /// @param layers           how many
    /// @param heads            query heads, which divide the width
    /// @param kvHeads          key and value heads, which divide `heads`
    /// @param intermediate     inner width of the feed-forward part
    /// @param context          longest sequence the model may ever read
    /// @param tiedHead         whether the head is the embedding
    /// @param initializerRange standard deviation of the first weights; 0.02 suits widths of a thousand and more,
    ///                         narrow students learn faster from about 1 / sqrt(hidden)
    record Random(
            int hidden,
            int layers,
            int heads,
            int kvHeads,
            @Alias("width") int intermediate,
            @Default("1024") int context,
            @Default("true") boolean tiedHead,
            @Default("0.02") double initializerRange)
            implements StudentStart {
        public Random {
            if (!(initializerRange > 0)) {
                throw new IllegalArgumentException(
                        "initializer_range must be above 0; got " + initializerRange + "; 0.02 is usual");
            }
        }
    }

    /// Random weights in the architecture that a folder's `config.json` describes: any family, decoder or encoder.
    /// The folder needs no weights. Matrices are normal with the deviation `initializer_range` of that file.
    ///
    /// @param path the folder; its tokenizer is the student's where the run names no other
    record Architecture(Path path) implements StudentStart {}

    /// The weights of a Hugging Face folder.
    ///
    /// @param path the folder
    record Folder(Path path) implements StudentStart {}

    /// The weights of a student that the same recipe has trained before: a second phase of training, or the next of a
    /// chain of assistants. Whoever runs the recipe puts that student's folder in its place.
    ///
    /// @param name its name
    record Earlier(String name) implements StudentStart {
        /// @return what is wrong where no recipe is run
        public ConfigException unknown() {
            return new ConfigException(
                    "student.earlier", "a recipe that trains this student before", "'" + name + "' outside of one",
                    "name its folder: {folder: {path: ...}}");
        }
    }

    /// Embedding, head, last norm and some layers of a larger model: the student has its width.
    ///
    /// @param path the larger model's folder
    /// @param keep which of its layers
    record LayersOf(Path path, Keep keep) implements StudentStart {}

    /// Which layers of a model are kept, in their order.
    sealed interface Keep {
        /// @param layers how many layers the model has
        /// @return the numbers of the layers kept, ascending, from 0
        List<Integer> of(int layers);

        /// Layers 0, 2, 4, ...: the start of DistilBERT (Sanh et al. 2019, arXiv:1910.01108).
        record EveryOther() implements Keep {
            @Override
            public List<Integer> of(int layers) {
                return IntStream.range(0, layers).filter(i -> i % 2 == 0).boxed().toList();
            }
        }

        /// The first `n` layers.
        record First(int n) implements Keep {
            public First {
                if (n < 1) {
                    throw new IllegalArgumentException("n must be at least 1; got " + n);
                }
            }

            @Override
            public List<Integer> of(int layers) {
                return IntStream.range(0, Math.min(n, layers)).boxed().toList();
            }
        }

        /// Exactly these layers.
        record Layers(List<Integer> numbers) implements Keep {
            public Layers {
                numbers = List.copyOf(numbers);
                if (numbers.isEmpty()) {
                    throw new IllegalArgumentException("numbers must name at least one layer");
                }
                for (int i = 0; i < numbers.size(); i++) {
                    if (numbers.get(i) < 0 || i > 0 && numbers.get(i) <= numbers.get(i - 1)) {
                        throw new IllegalArgumentException("numbers must ascend from 0; got " + numbers);
                    }
                }
            }

            @Override
            public List<Integer> of(int layers) {
                return numbers;
            }
        }
    }
}
