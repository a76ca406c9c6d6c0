
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.curator.repair.MojibakeRepair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How many texts of a corpus of `repair_peers.py`, fine and damaged, come out right, for each table of the damage;
/// beside it ftfy on the same texts, as that script prints it. A second argument: so many wrong ones are shown.
public final class TextRepairs {
    public static void main(String[] args) throws Exception {
        int shown = args.length > 1 ? Integer.parseInt(args[1]) : 0;
        Map<String, int[]> counts = new LinkedHashMap<>();
        List<JsonNode> rows = Files.readAllLines(Path.of(args[0])).stream()
                .map(line -> (JsonNode) Json.read(line, JsonNode.class, "corpus")).toList();
        long start = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
        for (JsonNode row : rows) {
            String damaged = row.get("damaged").textValue();
            String clean = row.get("clean").textValue();
            String repaired = MojibakeRepair.repaired(damaged);
            int[] count = counts.computeIfAbsent(row.get("table").textValue(), table -> new int[4]);
            int kind = repaired.equals(clean) ? 1 : repaired.equals(damaged) ? 2 : 3;
            count[0]++;
            count[kind]++;
            if (kind != 1 && (kind == 3 || row.get("table").textValue().isEmpty()) && shown-- > 0) {
                System.out.println(row.get("language") + " " + row.get("table") + "\n  " + clean + "\n  " + damaged
                        + "\n  " + repaired);
            }
        }
        long ms = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() - start;
        counts.forEach((table, n) -> System.out.printf(Locale.ROOT,
                "%-10s %5d texts: right %5d, left as they came %5d, another text %5d%n",
                table.isEmpty() ? "(fine)" : table, n[0], n[1], n[2], n[3]));
        System.out.printf(Locale.ROOT, "%d texts in %.1f s of processor time%n", rows.size(), ms / 1e3);
    }
}
