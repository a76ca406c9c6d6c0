package dev.socratic.cli;

import dev.socratic.cli.command.Socratic;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.Failures;
import java.time.Duration;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The program: parses the command line, runs one command, ends with its exit code.
public final class Main {
    private Main() {}

    /// Held here, for the logging library forgets the level of a logger nobody holds.
    private static final Logger LUCENE =
            Logger.getLogger("org.apache.lucene.internal.vectorization.VectorizationProvider");

    public static void main(String[] arguments) {
        // Names of tensors and files, numbers in reports and messages: the same whatever the language of the machine.
        Locale.setDefault(Locale.ROOT);
        // What the tensor engine logs besides is thrown too, and told as a sentence.
        System.setProperty("org.slf4j.simpleLogger.log.ai.djl", "off");
        // What the web server says of its own life is no talk of ours.
        System.setProperty("org.slf4j.simpleLogger.log.org.eclipse.jetty", "warn");
        System.setProperty("org.slf4j.simpleLogger.log.io.javalin", "warn");
        LUCENE.setLevel(Level.SEVERE); // it recommends an incubator module on every start; our index is small
        Farewell farewell = new Farewell(Thread.currentThread(), Duration.ofSeconds(30));
        Console console = Console.system();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> lost(console, error));
        int code = Socratic.commandLine(console).execute(arguments);
        farewell.ready(code);
        System.exit(code);
    }

    /// A worker that ends this way leaves whoever waits for it waiting for ever. What was done is on disk, so the
    /// process ends.
    private static void lost(Console console, Throwable error) {
        System.exit(new Failures(console, false).tell(error));
    }
}
