package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.models.gguf.convert.GgufImport;
import dev.socratic.models.gguf.convert.GgufImport.Imported;
import dev.socratic.models.gguf.convert.WeightType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// A GGUF of llama.cpp as an ordinary model folder, which every other command and every Hugging Face tool takes.
@Command(
        name = "import",
        description = "Turns a GGUF into a model folder (configs, tokenizer, chat template, weights), and prints it.",
        mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "FILE.gguf", description = "A GGUF, or any part of a split one (-00001-of-00003.gguf).")
    private Path file;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "The new model's folder.")
    private Path out;

    @Option(names = "--type", paramLabel = "TYPE", defaultValue = "lossless",
            description = "lossless (default): F32, F16 and BF16 stay as they are, quantised weights become float32, "
                    + "which holds them exactly; or float32, float16, bfloat16.")
    private WeightType type;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    ImportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Imported imported = GgufImport.run(file, out, type);
        imported.lines().forEach(line -> console.talk("import: " + line));
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("folder", imported.folder().toString());
            object.put("family", imported.family().architecture());
            object.put("tensors", imported.tensors());
            object.put("bytes", imported.bytes());
            console.json(object);
        } else {
            console.data(imported.folder().toString());
        }
        return ExitCode.DONE;
    }
}
