package dev.socratic.cli.command;

import dev.socratic.cli.Console;
import dev.socratic.cli.ExitCode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.error.SocraticException;
import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// The root of the command line, and the one place where failures become exit codes.
@Command(
        name = "socratic",
        description = "Distils large language models into small ones: generate, curate, train, evaluate.",
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            GenerateCommand.class,
            CurateCommand.class,
            TrainCommand.class,
            EvalCommand.class,
            ReportCommand.class,
            VerifyCommand.class,
            ScoreCommand.class,
            CompareCommand.class,
            ServeCommand.class,
            InspectCommand.class,
            ObjectiveCommand.class,
            LogitsCommand.class,
            TemplateCommand.class,
            PullCommand.class,
            MergeCommand.class,
            DoctorCommand.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        version = "socratic 0.1.0-SNAPSHOT",
        footer = {
            "",
            "Data goes to stdout, talk to stderr; most commands take --json.",
            "Exit codes: 0 done, 1 failed, 2 wrong usage or config, 3 done with more rejected or failed rows than allowed, 130 interrupted."
        })
public final class Socratic implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /// @param console where every command prints
    public static CommandLine commandLine(Console console) {
        CommandLine line = new CommandLine(new Socratic(), new ConsoleFactory(console));
        line.setOut(new PrintWriter(console.out(), true, console.out().charset()));
        line.setErr(new PrintWriter(console.err(), true, console.err().charset()));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                console.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((error, arguments) -> usage(console, error));
        line.setExecutionExceptionHandler((error, command, parsed) -> failure(console, error));
        return line;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static int usage(Console console, ParameterException error) {
        console.talk("socratic: " + error.getMessage());
        console.talk("socratic: see 'socratic help" + subcommand(error) + "'");
        return ExitCode.USAGE;
    }

    private static String subcommand(ParameterException error) {
        CommandLine at = error.getCommandLine();
        return at.getParent() == null ? "" : " " + at.getCommandName();
    }

    private static int failure(Console console, Exception error) {
        if (error instanceof SocraticException known) {
            for (Problem problem : known.problems()) {
                console.talk("socratic: " + problem);
            }
            return known instanceof ConfigException ? ExitCode.USAGE : ExitCode.FAILED;
        }
        if (error instanceof InterruptedException) {
            console.talk("socratic: interrupted; the same command goes on where it stopped");
            return ExitCode.INTERRUPTED;
        }
        console.talk("socratic: a bug of ours: " + error + "; please report it with the lines below");
        List<StackTraceElement> trace = List.of(error.getStackTrace());
        trace.stream().limit(20).forEach(line -> console.talk("    at " + line));
        if (error.getCause() != null) {
            console.talk("    caused by " + error.getCause());
        }
        return ExitCode.FAILED;
    }

    /// Makes the commands, handing each its console.
    private record ConsoleFactory(Console console) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            try {
                Constructor<K> withConsole = type.getDeclaredConstructor(Console.class);
                return withConsole.newInstance(console);
            } catch (NoSuchMethodException e) {
                return CommandLine.defaultFactory().create(type);
            }
        }
    }
}
