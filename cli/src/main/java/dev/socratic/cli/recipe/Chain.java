package dev.socratic.cli.recipe;

import dev.socratic.core.config.Spelling;
import dev.socratic.trainer.config.ModelRef;
import dev.socratic.trainer.config.StudentStart;
import dev.socratic.trainer.config.TrainConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What in a recipe stands on what: students start from students, are taught by students (assistants, one after
/// another), or learn from stores that are captured from students. Everything that cannot be is refused from the
/// recipe alone.
final class Chain {
    private final List<Capture> stores;
    private final List<TrainConfig> students;

    /// @throws IllegalArgumentException naming what stands on something that is not there before it
    Chain(List<Capture> stores, List<TrainConfig> students) {
        this.stores = stores;
        this.students = students;
        for (Capture store : stores) {
            student(store).filter(name -> index(name) < 0).ifPresent(name -> {
                throw refused("logits: store '%s' is captured from a student of this recipe".formatted(store.name()),
                        "'%s', which no entry trains".formatted(name), known(name, names(students)));
            });
        }
        for (int i = 0; i < students.size(); i++) {
            check(i);
        }
    }

    /// One stage of the chain.
    sealed interface Link {
        record Store(Capture capture) implements Link {}

        record Student(TrainConfig config) implements Link {}
    }

    /// @return stores of models that are there already, then the students as they are written, each followed by the
    ///         stores that are captured from it
    List<Link> inOrder() {
        List<Link> links = new ArrayList<>();
        stores.stream().filter(store -> student(store).isEmpty()).map(Link.Store::new).forEach(links::add);
        for (TrainConfig student : students) {
            links.add(new Link.Student(student));
            stores.stream().filter(store -> student(store).filter(student.name()::equals).isPresent())
                    .map(Link.Store::new).forEach(links::add);
        }
        return links;
    }

    private void check(int number) {
        TrainConfig student = students.get(number);
        if (student.student() instanceof StudentStart.Earlier start) {
            before(number, "train: student '%s' starts from a student before it".formatted(student.name()),
                    start.name());
        }
        teachers(student)
                .forEach(name ->
                        before(number, "train: student '%s' is taught by a student before it".formatted(student.name()),
                                name));
        student.capturedStores().forEach(name -> {
            Capture store = stores.stream().filter(one -> one.name().equals(name)).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                    ("train: student '%s' learns from the store '%s', which this recipe does not capture; known: "
                            + "%s").formatted(student.name(), name, stores.stream().map(Capture::name).toList())));
            student(store)
                    .ifPresent(teacher ->
                            before(number,
                                    ("train: student '%s' learns from the store '%s', captured from a student before "
                                            + "it").formatted(student.name(), name), teacher));
        });
    }

    /// Refuses a name that is no student before this one.
    private void before(int number, String expected, String name) {
        String own = students.get(number).name();
        int at = index(name);
        if (name.equals(own)) {
            throw refused(expected, "'%s' itself, a circle".formatted(name), "name another");
        }
        if (at < 0) {
            throw refused(expected, "'%s', which no entry trains".formatted(name),
                    known(name, names(students.subList(0, number))));
        }
        if (at > number && standsOn(name, own, new HashSet<>())) {
            throw refused(expected, "'%s', which itself stands on '%s', a circle".formatted(name, own), "name another");
        }
        if (at > number) {
            throw refused(expected, "'%s', which is trained after it".formatted(name),
                    "put the entry '%s' before '%s'".formatted(name, own));
        }
    }

    private boolean standsOn(String name, String other, Set<String> seen) {
        return seen.add(name) && index(name) >= 0
                && under(students.get(index(name))).anyMatch(one -> one.equals(other) || standsOn(one, other, seen));
    }

    /// @return names of the students that one stands on, at first hand
    private Stream<String> under(TrainConfig student) {
        Stream<String> start = student.student() instanceof StudentStart.Earlier earlier
                ? Stream.of(earlier.name())
                : Stream.empty();
        Stream<String> captured = student.capturedStores().stream()
                .flatMap(name -> stores.stream().filter(store -> store.name().equals(name)))
                        .flatMap(store -> student(store).stream());
        return Stream.of(start, teachers(student), captured).flatMap(all -> all);
    }

    private static Stream<String> teachers(TrainConfig student) {
        return Stream.concat(student.teacher().stream(), student.moreTeachers().stream())
                .flatMap(one -> student(one).stream());
    }

    private static Optional<String> student(Capture store) {
        return store.teacher().flatMap(Chain::student);
    }

    private static Optional<String> student(ModelRef model) {
        return switch (model) {
            case ModelRef.Folder ignored -> Optional.empty();
            case ModelRef.Earlier earlier -> Optional.of(earlier.name());
            case ModelRef.Self ignored -> Optional.empty();
        };
    }

    private int index(String name) {
        return names(students).indexOf(name);
    }

    private static List<String> names(List<TrainConfig> students) {
        return students.stream().map(TrainConfig::name).toList();
    }

    private static String known(String written, List<String> names) {
        return Spelling.nearest(written, names).map(name -> "write '" + name + "'")
                .orElse(names.isEmpty() ? "none is there; name a folder" : "there are " + String.join(", ", names));
    }

    private static IllegalArgumentException refused(String expected, String got, String remedy) {
        return new IllegalArgumentException("%s; got %s; %s".formatted(expected, got, remedy));
    }
}
