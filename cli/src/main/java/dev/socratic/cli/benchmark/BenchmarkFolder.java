package dev.socratic.cli.benchmark;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.socratic.core.config.Copies;
import dev.socratic.core.config.FileName;
import dev.socratic.core.config.Spelling;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.datasets.format.Format;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowWriter;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.datasets.source.QuestionSource;
import dev.socratic.datasets.source.RowStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The benchmarks a user has added: of each a folder with `questions.jsonl`, every question once, and, written last,
/// `benchmark.json`. What was made by another version is refused with the command that makes it anew.
///
/// @param folder `SOCRATIC_BENCHMARKS`, or `socratic/benchmarks` under `XDG_DATA_HOME` or `~/.local/share`
public record BenchmarkFolder(Path folder) {
    /// Of the form of the files.
    static final int VERSION = 1;
    /// Stands for every benchmark there is.
    public static final String ALL = "all";

    private static final String FACTS = "benchmark.json";
    private static final String QUESTIONS = "questions.jsonl";

    public static BenchmarkFolder from(Map<String, String> environment) {
        return new BenchmarkFolder(value(environment, "SOCRATIC_BENCHMARKS").orElseGet(() ->
                value(environment, "XDG_DATA_HOME")
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "share"))
                        .resolve("socratic").resolve("benchmarks")));
    }

    private static Optional<Path> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty())
                .map(Path::of);
    }

    /// @param replace whether one of that name may be there
    /// @param now     when it is added
    /// @throws ConfigException if the name is taken or reserved, or a source is missing
    /// @throws DataException   if there is no question in the sources
    public BenchmarkFacts add(String name, List<Path> sources, boolean replace, Instant now) {
        if (!FileName.fits(name) || name.equals(ALL)) {
            throw new ConfigException("NAME", "a name that can be a folder's, and not 'all'", "'%s'".formatted(name),
                    "write one such as gsm8k_test");
        }
        Path own = folder.resolve(name);
        if (Files.exists(own.resolve(FACTS)) && !replace) {
            throw new ConfigException("NAME", "a name that is free", "'%s', which is in %s".formatted(name, folder),
                    "take another, or add --replace");
        }
        sources.forEach(source -> IoProblems.notThere(source, "a file of questions").ifPresent(found -> {
            throw new ConfigException(source.toString(), found.expected(), found.got(), found.remedy());
        }));
        create(own);
        delete(own.resolve(FACTS)); // what is half replaced is not there
        Set<String> seen = new HashSet<>();
        long repeated = 0;
        try (Quarantine.Listed unread = Quarantine.list();
                RowWriter out = RowFiles.writer(own.resolve(QUESTIONS), Format.JSONL)) {
            for (Path source : sources) {
                try (RowStream<Question> rows = QuestionSource.File.of(source).open(unread, 0)) {
                    for (Question question : rows) {
                        if (seen.add(question.id())) {
                            out.write(RowMapper.json(question).set("source", TextNode.valueOf(name)));
                        } else {
                            repeated++;
                        }
                    }
                }
            }
            if (seen.isEmpty()) {
                throw new DataException(sources.toString(), "rows with a question", unread.rows().stream().findFirst()
                        .map(row -> "none; the first row: " + row.reason()).orElse("none"),
                        "name other files, or give their rows the field 'question'");
            }
            out.commit();
            List<BenchmarkFacts.Source> madeOf = sources.stream().map(source -> new BenchmarkFacts.Source(
                    source.toAbsolutePath().normalize().toString(), Hashes.ofFile(source))).toList();
            BenchmarkFacts made = new BenchmarkFacts(VERSION, name, madeOf,
                    seen.size(), repeated, unread.count(), now.toString());
            AtomicFiles.write(own.resolve(FACTS), Json.pretty(made));
            return made;
        }
    }

    /// @return all of them, by name
    /// @throws DataException if the facts of one cannot be read
    public List<BenchmarkFacts> list() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(own -> own.resolve(FACTS)).filter(Files::exists).sorted()
                    .map(BenchmarkFacts::read).toList();
        } catch (IOException e) {
            throw IoProblems.reading(folder, e);
        }
    }

    /// @throws ConfigException if there is none of that name
    public void remove(String name) {
        find("NAME", name);
        try (Stream<Path> files = Files.walk(folder.resolve(name))) {
            files.sorted(Comparator.reverseOrder()).forEach(BenchmarkFolder::delete);
        } catch (IOException e) {
            throw IoProblems.writing(folder.resolve(name), e);
        }
    }

    /// @param place of the name in messages
    private BenchmarkFacts find(String place, String name) {
        List<BenchmarkFacts> all = list();
        return all.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow(() -> {
            Set<String> names = all.stream().map(BenchmarkFacts::name).collect(Collectors.toCollection(TreeSet::new));
            return new ConfigException(place, names.isEmpty() ? "a benchmark of " + folder
                    : "one of " + String.join(", ", names), names.isEmpty() ? "'%s', and there is none".formatted(name)
                    : "'%s'".formatted(name), names.isEmpty()
                    ? "add it: socratic benchmarks add %s FILE".formatted(name) : Spelling.remedy(name, names));
        });
    }

    /// @param place of the name in messages
    /// @param name  of one, or `all`
    /// @return files of questions
    /// @throws ConfigException if it is not there, or was made by another version
    public List<QuestionSource.File> questions(String place, String name) {
        List<BenchmarkFacts> wanted = name.equals(ALL) ? list() : List.of(find(place, name));
        if (wanted.isEmpty()) {
            throw new ConfigException(place, "benchmarks in " + folder, "none",
                    "add some: socratic benchmarks add NAME FILE");
        }
        List<QuestionSource.File> files = new ArrayList<>();
        for (BenchmarkFacts one : wanted) {
            if (one.version() != VERSION) {
                throw new ConfigException(place, "an index of version " + VERSION,
                        "'%s' of version %s".formatted(one.name(), one.version()), "make it anew: " + one.command());
            }
            files.add(QuestionSource.File.of(folder.resolve(one.name()).resolve(QUESTIONS)));
        }
        return files;
    }

    /// @return the config with files in the place of names of benchmarks
    /// @throws ConfigException if one is not there, or was made by another version
    public CurateConfig in(CurateConfig config) {
        List<StepConfig> steps = new ArrayList<>();
        for (StepConfig step : config.steps()) {
            steps.add(step instanceof StepConfig.Decontaminate decontaminate
                    ? Copies.with(decontaminate, Map.of("against", in(decontaminate.against(),
                            "curate.steps[%s].decontaminate.against".formatted(steps.size())))) : step);
        }
        return steps.equals(config.steps()) ? config : Copies.with(config, Map.of("steps", steps));
    }

    private List<QuestionSource> in(List<QuestionSource> sources, String place) {
        List<QuestionSource> files = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i) instanceof QuestionSource.Benchmark named) {
                files.addAll(questions("%s[%s].benchmark".formatted(place, i), named.name()));
            } else {
                files.add(sources.get(i));
            }
        }
        return files;
    }

    private static void create(Path wanted) {
        try {
            Files.createDirectories(wanted);
        } catch (IOException e) {
            throw IoProblems.writing(wanted, e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw IoProblems.writing(file, e);
        }
    }
}
