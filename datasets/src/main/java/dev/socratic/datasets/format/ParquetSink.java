package dev.socratic.datasets.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;

/// Parquet with a column for each field of the first rows; what fits none of them goes into one more column as JSON,
/// so that nothing is lost. Conversations (`messages`) are real nested columns.
///
/// parquet-floor's own writer knows flat rows only, so the writer of parquet-java is used, on the Hadoop classes that
/// parquet-floor brings.
final class ParquetSink implements PendingRows.Sink {
    private static final long ROW_GROUP_BYTES = 16 << 20;

    private final ParquetWriter<Group> writer;
    private final SimpleGroupFactory groups;
    private final Map<String, ParquetColumn> columns = new LinkedHashMap<>();

    ParquetSink(Path file, List<ObjectNode> first) throws IOException {
        Types.MessageTypeBuilder schema = Types.buildMessage();
        for (ParquetColumn column : ParquetColumn.of(first)) {
            columns.put(column.name(), column);
            schema.addField(column.type());
        }
        MessageType type = schema.addField(ParquetColumn.json(ParquetColumn.REST)).named("row");
        groups = new SimpleGroupFactory(type);
        writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withType(type)
                .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupSize(ROW_GROUP_BYTES)
                .build();
    }

    @Override
    public void write(ObjectNode row) throws IOException {
        Group group = groups.newGroup();
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> field : row.properties()) {
            ParquetColumn column = columns.get(field.getKey());
            if (column != null && column.kind().holds(field.getValue())) {
                column.write(group, field.getValue());
            } else {
                rest.set(field.getKey(), field.getValue());
            }
        }
        if (!rest.isEmpty()) {
            group.add(ParquetColumn.REST, Json.line(rest));
        }
        writer.write(group);
    }

    @Override
    public void finish() throws IOException {
        writer.close();
    }
}
