package dev.socratic.cli.command;

import dev.socratic.core.config.Spelling;
import dev.socratic.core.error.Problem;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// A command line that does not fit, in the form of every other problem: where, what was expected, what was there,
/// what to write.
final class UsageProblems {
    private UsageProblems() {}

    static List<Problem> problems(ParameterException error) {
        CommandLine at = error.getCommandLine();
        return switch (error) {
            case UnmatchedArgumentException unmatched when !unmatched.getUnmatched().isEmpty() ->
                    List.of(unmatched(at, unmatched.getUnmatched()));
            case MissingParameterException missing when !missing.getMissing().isEmpty() ->
                missing.getMissing().stream().map(one -> new Problem(name(at), said(one), "nothing", "add it"))
                        .toList();
            case OverwrittenOptionException twice ->
                    List.of(new Problem(name(at), "each option once", error.getMessage(), "remove one of the two"));
            default -> List.of(error.getArgSpec() == null
                    ? new Problem(name(at), error.getMessage(), "", "")
                    : value(error.getArgSpec(), error));
        };
    }

    private static Problem unmatched(CommandLine at, List<String> arguments) {
        String first = arguments.getFirst();
        if (first.startsWith("-") && first.length() > 1) {
            String option = first.replaceFirst("=.*", "");
            return new Problem(name(at), "a known option", "'" + option + "'", Spelling.remedy(option, options(at)));
        }
        if (!at.getSubcommands().isEmpty()) {
            return new Problem(name(at), "a command", "'" + first + "'",
                    Spelling.remedy(first, at.getSubcommands().keySet()));
        }
        return new Problem(name(at), "no further argument", "'" + first + "'",
                first.contains(" ") ? "remove it" : "remove it, or quote what has blanks in it");
    }

    private static Problem value(ArgSpec argument, ParameterException error) {
        String got = error.getValue() == null ? "" : "'" + error.getValue() + "'";
        Class<?> type = argument.auxiliaryTypes().length > 0 ? argument.auxiliaryTypes()[0] : argument.type();
        if (type.isEnum()) {
            List<String> known = List.of(type.getEnumConstants()).stream()
                    .map(one -> ((Enum<?>) one).name().toLowerCase(java.util.Locale.ROOT)).toList();
            return new Problem(said(argument), "one of " + String.join(", ", known), got, Spelling.nearest(
                    String.valueOf(error.getValue()), known).map(one -> "write '" + one + "'").orElse(""));
        }
        if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return new Problem(said(argument), "a whole number", got, "");
        }
        if (type == double.class || type == Double.class) {
            return new Problem(said(argument), "a number", got, "");
        }
        if (type == Path.class) {
            return new Problem(said(argument), "a path", got.equals("''") ? "an empty text" : got, "");
        }
        return new Problem(said(argument), error.getMessage(), "", "");
    }

    private static Collection<String> options(CommandLine at) {
        return at.getCommandSpec().options().stream().filter(option -> !option.hidden()).map(OptionSpec::longestName)
                .sorted().toList();
    }

    private static String said(ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? option.longestName() + (option.arity().max() == 0 ? "" : " " + option.paramLabel())
                : argument.paramLabel();
    }

    /// @return the command as it is written behind `socratic`: `objective explain`
    private static String name(CommandLine at) {
        return at.getParent() == null ? "" : (name(at.getParent()) + " " + at.getCommandName()).strip();
    }

    /// @return the command line that prints what there is to know about the command
    static String help(CommandLine at) {
        return "socratic " + (name(at) + " --help").strip();
    }

}
