package dev.socratic.cli;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.socratic.cli.command.Socratic;
import dev.socratic.cli.console.Console;
import dev.socratic.models.engine.Compute;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// No command opens weights without `--device` and `--dtype`, and no code takes the processor by itself: found in the
/// compiled classes and in the command line, so that a new command cannot forget it.
class ComputeLaws {
    private static final String OPTIONS = "dev.socratic.cli.command.ComputeOptions";

    /// Who may name the processor, and why.
    private static final Map<String, String> PROCESSOR = Map.ofEntries(
            entry("dev.socratic.cli.command.CurateCommand", "its stage opens no model"),
            entry("dev.socratic.cli.command.ReportCommand", "its stage opens no model"),
            entry("dev.socratic.cli.command.InspectCommand", "where neither option is given, headers alone are read"),
            entry("dev.socratic.cli.command.SizeCommand", "arithmetic, of devices that need not be there"),
            entry("dev.socratic.cli.command.ExportCommand", "files become files, a tensor at a time; no model runs"),
            entry("dev.socratic.models.network.PlainWeights", "of files that become files"),
            entry("dev.socratic.models.checkpoint.MappedTensors", "a file is the processor's; its numbers are copied"),
            entry("dev.socratic.models.engine.FileArrays", "files are the processor's; their numbers are copied"),
            entry("dev.socratic.models.engine.Program$Compiled", "owns texts, which hold no array"),
            entry("dev.socratic.cli.doctor.SelfTest", "what a device is held against"),
            entry("dev.socratic.models.rehearsal.Beside", "what a device is held against"),
            entry("dev.socratic.models.rehearsal.OnMeta", "what meta is sent"),
            entry("dev.socratic.models.rehearsal.Pace", "writes a model's folder"),
            entry("dev.socratic.models.rehearsal.SmallModels", "writes models' folders"),
            entry("dev.socratic.trainer.rehearsal.SmallTrainings", "a teacher that is the same for every device"),
            entry("dev.socratic.models.engine.Engines", "the base manager of tests"));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/tests/")).importPackages("dev.socratic");

    @Test
    void everyCommandThatHandsOnADeviceHasTheOptions() {
        List<String> without = CLASSES.stream().filter(ComputeLaws::isCommand).filter(ComputeLaws::handsOn)
                .filter(command -> !PROCESSOR.containsKey(command.getName()))
                .filter(command -> !has(command)).map(JavaClass::getSimpleName).sorted().toList();
        assertEquals(List.of(), without, "add '@Mixin private ComputeOptions compute', and open it");
        assertTrue(CLASSES.stream().filter(ComputeLaws::isCommand).filter(ComputeLaws::handsOn).count() >= 9,
                "few are seen: the rule would pass by seeing nothing");
    }

    @Test
    void whoeverHasTheOptionsOpensThem() {
        List<String> idle = CLASSES.stream().filter(ComputeLaws::isCommand).filter(ComputeLaws::has)
                .filter(command -> command.getMethodCallsFromSelf().stream()
                        .noneMatch(call -> call.getTargetOwner().getName().equals(OPTIONS)
                                && Set.of("open", "each").contains(call.getName())))
                .map(JavaClass::getSimpleName).sorted().toList();
        assertEquals(List.of(), idle, "an option that does nothing");
    }

    @Test
    void nobodyTakesTheProcessorUnasked() {
        Set<String> takers = new TreeSet<>();
        for (JavaClass one : CLASSES) {
            boolean names = one.getFieldAccessesFromSelf().stream().anyMatch(access ->
                    access.getTargetOwner().isEquivalentTo(Compute.class) && access.getName().equals("CPU"))
                    || one.getMethodCallsFromSelf().stream().anyMatch(call ->
                            call.getTargetOwner().getName().equals("dev.socratic.models.engine.Engines")
                                    && call.getName().equals("manager"));
            if (names && !one.isEquivalentTo(Compute.class)) {
                takers.add(one.getName());
            }
        }
        assertEquals(new TreeSet<>(PROCESSOR.keySet()), takers, "take a Compute as an argument, or say here why not");
    }

    /// By the command line itself: the options have one spelling, one description, and a test of their own.
    @Test
    void theOptionsAreTheSameEverywhere() {
        Map<String, CommandLine> with = new TreeMap<>();
        collect("", Socratic.commandLine(new Console(System.out, System.err, false, false, Map.of())), with);
        assertTrue(with.keySet().containsAll(Set.of("demo", "run", "generate", "train", "eval", "logits", "serve",
                "merge", "inspect", "doctor")), with.keySet()::toString);
        for (String option : List.of("--device", "--dtype")) {
            Set<List<String>> pages = with.values().stream()
                    .map(line -> List.of(line.getCommandSpec().findOption(option).description()))
                    .collect(Collectors.toSet());
            assertEquals(1, pages.size(), option + " is described differently");
        }
    }

    private static void collect(String name, CommandLine line, Map<String, CommandLine> with) {
        boolean device = line.getCommandSpec().findOption("--device") != null;
        assertEquals(device, line.getCommandSpec().findOption("--dtype") != null, name + ": one without the other");
        if (device) {
            with.put(name, line);
        }
        line.getSubcommands().forEach((sub, below) -> collect((name + " " + sub).strip(), below, with));
    }

    private static boolean isCommand(JavaClass one) {
        return one.getPackageName().startsWith("dev.socratic.cli")
                && one.isAnnotatedWith(CommandLine.Command.class);
    }

    /// Whether it calls anything that takes a [Compute], or several of them.
    private static boolean handsOn(JavaClass command) {
        return command.getCodeUnitAccessesFromSelf().stream().map(JavaAccess::getTarget)
                .flatMap(target -> target.resolveMember().stream())
                .filter(JavaCodeUnit.class::isInstance).map(JavaCodeUnit.class::cast)
                .flatMap(unit -> unit.getRawParameterTypes().stream())
                .anyMatch(type -> type.isEquivalentTo(Compute.class)
                        || type.getName().equals("dev.socratic.cli.recipe.Computes"));
    }

    private static boolean has(JavaClass command) {
        return command.getFields().stream().map(JavaField::getRawType)
                .anyMatch(type -> type.getName().equals(OPTIONS));
    }
}
