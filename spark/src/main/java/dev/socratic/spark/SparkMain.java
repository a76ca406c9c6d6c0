package dev.socratic.spark;

import dev.socratic.core.error.SocraticException;
import dev.socratic.core.run.Counts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The command line of [SparkCuration]; `spark/curate` starts it.
@Command(name = "spark/curate", mixinStandardHelpOptions = true, description =
        "Curates a corpus as a Spark job: the steps, reasons and evidence of 'socratic curate'.")
public final class SparkMain implements Callable<Integer> {

    @Parameters(paramLabel = "FILES", arity = "1..*", description =
            "Files .jsonl, .jsonl.gz or .parquet, wherever Spark can read (a path, hdfs:, s3a:).")
    private List<String> files;

    @Option(names = "--config", paramLabel = "CONFIG", description =
            "What stands under curate: in a recipe (default: its default steps).")
    private Optional<Path> config = Optional.empty();

    @Option(names = "--out", paramLabel = "DIR", required = true, description =
            "A folder that is not there yet, wherever Spark can write.")
    private String out;

    @Option(names = "--master", paramLabel = "URL", description =
            "The cluster: spark://HOST:PORT, yarn, k8s://...; default: the processors of this machine (local[*]), or "
                    + "what spark-submit says.")
    private Optional<String> master = Optional.empty();

    @Option(names = "--parquet", description = "Write the rows that stay as Parquet instead of JSONL.")
    private boolean parquet;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new SparkMain()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        String text = config.isPresent() ? Files.readString(config.get()) : "{}";
        String base = config.map(file -> file.toAbsolutePath().getParent().toString()).orElse("");
        SparkConf conf = new SparkConf().setAppName("socratic curate").setIfMissing("spark.ui.enabled", "false");
        master.ifPresent(conf::setMaster);
        conf.setIfMissing("spark.master", "local[*]");
        Optional.ofNullable(System.getProperty("socratic.spark.jars")).filter(jars -> !jars.isEmpty()
                && !conf.get("spark.master").startsWith("local")).ifPresent(jars -> conf.set("spark.jars", jars));
        try (SparkSession session = SparkSession.builder().config(conf).getOrCreate()) {
            Counts counts = SparkCuration.run(session, text, config.map(Path::toString).orElse("the default"), base,
                    files, out, parquet);
            System.err.println(counts);
            System.out.println(out);
            return counts.kept() == 0 ? 3 : 0;
        } catch (SocraticException e) {
            System.err.println("spark/curate: " + e.getMessage());
            return 2;
        }
    }
}
