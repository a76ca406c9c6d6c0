package dev.socratic.cli;

import dev.socratic.cli.command.Socratic;

/// The program: parses the command line, runs one command, ends with its exit code.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        int code = Socratic.commandLine(Console.system()).execute(arguments);
        System.exit(code);
    }
}
