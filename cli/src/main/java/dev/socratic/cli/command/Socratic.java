package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.console.Failures;
import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.nio.file.Path;
import picocli.AutoComplete;
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
            PerplexityCommand.class,
            StatesCommand.class,
            ChooseCommand.class,
            CompareCommand.class,
            LeaderboardCommand.class,
            ServeCommand.class,
            RecordCommand.class,
            TrafficCommand.class,
            ReviewCommand.class,
            InspectCommand.class,
            TraceCommand.class,
            ExplainCommand.class,
            ObjectiveCommand.class,
            LogitsCommand.class,
            TemplateCommand.class,
            PullCommand.class,
            MergeCommand.class,
            ImportCommand.class,
            ExportCommand.class,
            BenchmarksCommand.class,
            KeysCommand.class,
            StrategiesCommand.class,
            DoctorCommand.class,
            TasksCommand.class,
            SizeCommand.class,
            AutoComplete.GenerateCompletion.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        version = "socratic 0.1.0-SNAPSHOT",
        footer = {
            "",
            "Data goes to stdout, talk to stderr; most commands take --json.",
            "Exit codes: 0 done, 1 failed, 2 wrong usage or config, 3 done with more rejected or failed rows than "
                    + "allowed, 130 interrupted."
        })
public final class Socratic implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @CommandLine.Option(names = "--debug", scope = CommandLine.ScopeType.INHERIT,
            description = "Print the stack of whatever goes wrong.")
    private boolean debug;

    /// @param console where every command prints
    public static CommandLine commandLine(Console console) {
        CommandLine line = new CommandLine(new Socratic(), new ConsoleFactory(console));
        line.setOut(new PrintWriter(console.out(), true, console.out().charset()));
        line.setErr(new PrintWriter(console.err(), true, console.err().charset()));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                console.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.registerConverter(Path.class, Socratic::path);
        line.setParameterExceptionHandler((error, arguments) -> usage(console, error));
        line.setExecutionStrategy(parsed -> net(console, line, parsed));
        line.setExecutionExceptionHandler((error, command, parsed) ->
                new Failures(console, debug(command)).tell(error));
        return line;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /// Errors, which the library hands on as they are, end like everything else.
    private static int net(Console console, CommandLine line, CommandLine.ParseResult parsed) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (Error error) {
            return new Failures(console, debug(line)).tell(error);
        }
    }

    /// No command means the current folder by an empty text: a variable of a script was empty.
    private static Path path(String text) {
        if (text.isBlank()) {
            throw new CommandLine.TypeConversionException("a path; got an empty text");
        }
        return Path.of(text);
    }

    private static boolean debug(CommandLine line) {
        CommandLine root = line;
        while (root.getParent() != null) {
            root = root.getParent();
        }
        return ((Socratic) root.getCommand()).debug;
    }

    private static int usage(Console console, ParameterException error) {
        new Failures(console, false).problems(UsageProblems.problems(error));
        console.talk("socratic: see '" + UsageProblems.help(error.getCommandLine()) + "'");
        return ExitCode.USAGE;
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
