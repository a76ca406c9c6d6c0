package dev.socratic.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.socratic.core.io.BoundedLines;
import dev.socratic.core.secret.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The rules of ARCHITECTURE.md, checked on the compiled classes.
class ArchitectureTest {
    private static final String BASE = "dev.socratic";
    private static final List<String> MODULES =
            List.of("core", "models", "datasets", "prompts", "generator", "curator", "review", "trainer",
                    "eval", "cli");

    /// Which outside library may be used where. A rule that sees no use at all would prove nothing, so each is also
    /// checked to be used.
    private static final Map<String, List<String>> DOORS = Map.ofEntries(
            Map.entry("ai.djl", List.of("models", "trainer")),
            Map.entry("com.sun.jna", List.of("models")),
            Map.entry("dev.langchain4j", List.of("generator")),
            Map.entry("okhttp3", List.of("generator", "models")),
            Map.entry("org.apache.lucene", List.of("curator", "review")),
            Map.entry("com.ibm.icu", List.of("curator")),
            Map.entry("org.jsoup", List.of("curator")),
            Map.entry("com.google.i18n", List.of("curator")),
            Map.entry("org.apache.commons.validator", List.of("curator")),
            Map.entry("com.github.difflib", List.of("curator")),
            Map.entry("org.eclipse.jetty", List.of("cli", "review")),
            Map.entry("io.javalin", List.of("review")),
            Map.entry("picocli", List.of("cli")),
            Map.entry("org.snakeyaml", List.of("core")),
            Map.entry("org.apache.parquet", List.of("datasets")),
            Map.entry("de.siegmar.fastcsv", List.of("datasets")),
            Map.entry("org.apache.commons.compress", List.of("datasets")),
            Map.entry("org.apache.commons.statistics", List.of("eval")),
            Map.entry("org.apache.commons.numbers", List.of("eval")),
            Map.entry("com.cybozu.labs", List.of("eval")),
            Map.entry("org.brotli", List.of("datasets")));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(BASE);

    @ParameterizedTest
    @ValueSource(strings = {"core", "models", "datasets", "prompts", "generator", "curator", "review", "trainer", "eval",
        "cli"})
    void everyModuleIsSeen(String module) {
        long seen = CLASSES.stream().filter(c -> isIn(c, module)).count();
        assertTrue(seen >= 3,
                "only %s classes of %s on the class path: the rules below would pass by seeing nothing".formatted(seen,
                module));
    }

    @Test
    void dependenciesPointDownOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage(BASE + "..")
                .layer("core").definedBy(in("core"))
                .layer("models").definedBy(in("models"))
                .layer("datasets").definedBy(in("datasets"))
                .layer("prompts").definedBy(in("prompts"))
                .layer("generator").definedBy(in("generator"))
                .layer("curator").definedBy(in("curator"))
                .layer("review").definedBy(in("review"))
                .layer("trainer").definedBy(in("trainer"))
                .layer("eval").definedBy(in("eval"))
                .layer("cli").definedBy(in("cli"))
                .whereLayer("cli").mayNotBeAccessedByAnyLayer()
                .whereLayer("generator").mayOnlyBeAccessedByLayers("cli")
                .whereLayer("curator").mayOnlyBeAccessedByLayers("review", "cli")
                .whereLayer("review").mayOnlyBeAccessedByLayers("cli")
                .whereLayer("trainer").mayOnlyBeAccessedByLayers("cli")
                .whereLayer("eval").mayOnlyBeAccessedByLayers("cli")
                .whereLayer("models").mayOnlyBeAccessedByLayers("trainer", "cli")
                .whereLayer("prompts").mayOnlyBeAccessedByLayers("generator", "curator", "trainer", "eval", "cli")
                .whereLayer("datasets").mayOnlyBeAccessedByLayers(
                        "prompts", "generator", "curator", "review", "trainer", "eval", "cli")
                .check(CLASSES);
    }

    /// Arrows between packages go one way, so that each can be read with what stands below it and nothing else.
    @Test
    void noPackagesFormACycle() {
        SlicesRuleDefinition.slices().assignedFrom(new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return type.getPackageName().startsWith(BASE)
                        ? SliceIdentifier.of(type.getPackageName())
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "packages";
            }
        }).should().beFreeOfCycles().check(CLASSES);
        assertTrue(
                CLASSES.stream().map(JavaClass::getPackageName).distinct().count() > 50,
                "few packages are seen: the rule would pass by seeing nothing");
    }

    /// A name says one thing: whoever reads of a `Row` need not ask which. Networks and trainings have words of their
    /// own (a head, a tap), and their rooms say which is meant.
    @Test
    void noTwoTypesAreCalledAlike() {
        Map<String, List<String>> byName = CLASSES.stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .filter(type -> !isIn(type, "models") && !isIn(type, "trainer") || isIn(type, "models.text"))
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName, TreeMap::new,
                        Collectors.mapping(JavaClass::getName, Collectors.toList())));
        assertTrue(byName.size() > 400, "few types are seen: the rule would pass by seeing nothing");
        byName.values().removeIf(types -> types.size() == 1);
        assertEquals(Map.of(), byName, "types of one name; call one otherwise");
    }

    @Test
    void eachLibraryHasOneDoor() {
        DOORS.forEach((library, allowed) -> {
            List<String> others = MODULES.stream().filter(m -> !allowed.contains(m)).toList();
            noClasses()
                    .that()
                    .resideInAnyPackage(others.stream().map(ArchitectureTest::in).toArray(String[]::new))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(library + "..")
                    .check(CLASSES);
            assertTrue(
                    CLASSES.stream().anyMatch(c -> uses(c, library)),
                    library + " is used nowhere: the rule sees nothing; remove it or mend its name");
        });
    }

    /// Spark is built when it is asked for, and nothing stands on it.
    @Test
    void nothingDependsOnSpark() throws IOException {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("org.apache.spark..", BASE + ".spark..")
                .check(CLASSES);
        Path root = Path.of("..");
        for (String module : MODULES) {
            assertFalse(Files.readString(root.resolve(module).resolve("pom.xml")).contains("spark"), module);
        }
        String parent = Files.readString(root.resolve("pom.xml"));
        assertTrue(parent.indexOf("<module>spark</module>") > parent.indexOf("<profiles>"), "built by default");
    }

    /// Lines of a file are read by `core.io.BoundedLines`: the JDK's readers take a line of any length into memory.
    @Test
    void linesAreReadInOnePlace() {
        noClasses().should().callMethodWhere(isLineReader()).check(CLASSES);
        assertTrue(
                CLASSES.stream().filter(type -> type.getDirectDependenciesFromSelf().stream().anyMatch(
                        d -> d.getTargetClass().isEquivalentTo(BoundedLines.class))).count() > 3,
                "nobody reads lines: the rule sees nothing");
    }

    private static DescribedPredicate<JavaMethodCall> isLineReader() {
        return DescribedPredicate.describe("a reader of whole lines of the JDK", call -> {
            JavaClass owner = call.getTargetOwner();
            return owner.isEquivalentTo(Files.class) && Set.of("lines", "readAllLines", "newBufferedReader")
                    .contains(call.getName())
                    || owner.isAssignableTo(BufferedReader.class) || owner.isEquivalentTo(Scanner.class);
        });
    }

    /// A key or token is text in few places: where it is put into a header or an address, compared with what came, or
    /// taken out of what is written.
    @Test
    void secretsAreRevealedInFewPlaces() {
        Set<String> allowed = Set.of(
                "dev.socratic.core.secret.Secrets", "dev.socratic.generator.teacher.EnvironmentVariables",
                "dev.socratic.generator.endpoint.Credentials", "dev.socratic.models.hub.HubClient",
                "dev.socratic.core.access.Gate", "dev.socratic.cli.record.PassOn");
        Set<String> found = CLASSES.stream()
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(access -> access.getTargetOwner().isEquivalentTo(Secret.class)
                        && access.getName().equals("reveal"))
                .map(access -> access.getOriginOwner().getName())
                .collect(Collectors.toSet());
        assertEquals(allowed, found);
    }

    /// Ownership of what the native side hands out is decided in one package.
    @Test
    void onlyTheEngineReachesTheNativeSide() {
        noClasses().that().resideOutsideOfPackage(in("models.engine"))
                .should().dependOnClassesThat().resideInAPackage("ai.djl.pytorch..").check(CLASSES);
        assertTrue(
                CLASSES.stream().anyMatch(c -> isIn(c, "models.engine") && uses(c, "ai.djl.pytorch")),
                "the engine calls nothing: the rule sees nothing");
    }

    /// In models, only the hub opens connections.
    @Test
    void onlyTheHubOfModelsFetches() {
        noClasses().that().resideInAPackage(in("models")).and().resideOutsideOfPackage(in("models.hub"))
                .should().dependOnClassesThat().resideInAPackage("okhttp3..").check(CLASSES);
        assertTrue(CLASSES.stream().anyMatch(c -> isIn(c, "models.hub") && uses(c, "okhttp3")),
                "the hub fetches nothing: the rule sees nothing");
    }

    @Test
    void nobodyPrintsPastTheConsole() {
        noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err")
                .check(CLASSES);
        assertTrue(
                CLASSES.get("dev.socratic.cli.console.Console").getFieldAccessesFromSelf().stream()
                        .anyMatch(access -> access.getTarget().getOwner().isEquivalentTo(java.io.FileDescriptor.class)),
                "the console opens no stream: the rule above would pass by seeing nothing");
    }

    private static String in(String module) {
        return BASE + "." + module + "..";
    }

    private static boolean isIn(JavaClass type, String module) {
        return type.getPackageName().startsWith(BASE + "." + module);
    }

    private static boolean uses(JavaClass type, String library) {
        return type.getDirectDependenciesFromSelf().stream()
                .anyMatch(d -> d.getTargetClass().getPackageName().startsWith(library));
    }
}
