package dev.socratic.datasets.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.FirstLine;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.io.RegularFiles;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.crypto.ParquetCryptoRuntimeException;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/// Rows of a Parquet file, nested columns included. Memory holds one row group at a time, whose size the writer of
/// the file chose.
final class ParquetRows implements RowReader {
    private final Path file;
    private final ParquetFooter footer;
    private final ParquetFileReader reader;
    private final MessageType schema;
    private final Quarantine quarantine;
    private Optional<RecordReader<Group>> group = Optional.empty();
    private long leftInGroup;
    private long number;
    private Optional<Row> ahead = Optional.empty();

    /// @throws DataException if the file is missing or no Parquet file
    ParquetRows(Path file, Quarantine quarantine) {
        this.file = file;
        this.quarantine = quarantine;
        RegularFiles.require(file);
        try {
            footer = ParquetFooter.of(file);
            if (!footer.whole()) {
                throw new IOException("columns outside the file");
            }
            reader = ParquetFileReader.open(
                    new LocalInputFile(file), ParquetReadOptions.builder(new PlainParquetConfiguration())
                    .withCodecFactory(new ParquetCodecs(file.toString()))
                    .build());
            schema = reader.getFileMetaData().getSchema();
        } catch (FileSystemException e) {
            throw IoProblems.reading(file, e);
        } catch (IOException | RuntimeException e) {
            throw new DataException(file.toString(), "a Parquet file", reason(e), "check that it was copied whole", e);
        }
    }

    @Override
    public boolean hasNext() {
        while (ahead.isEmpty()) {
            if (leftInGroup == 0 && !openGroup()) {
                Conserved.check(file.toString(), "rows", footer.rows(), number);
                return false;
            }
            read();
        }
        return true;
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more rows in " + file);
        }
        Row row = ahead.orElseThrow();
        ahead = Optional.empty();
        return row;
    }

    private boolean openGroup() {
        try {
            PageReadStore pages = reader.readNextRowGroup();
            while (pages != null && pages.getRowCount() == 0) {
                pages = reader.readNextRowGroup();
            }
            if (pages == null) {
                return false;
            }
            leftInGroup = pages.getRowCount();
            group = Optional.of(new ColumnIOFactory().getColumnIO(schema)
                    .getRecordReader(pages, new GroupRecordConverter(schema)));
            return true;
        } catch (FileSystemException e) {
            throw IoProblems.reading(file, e);
        } catch (IOException | RuntimeException e) {
            throw damaged(e);
        }
    }

    private void read() {
        leftInGroup--;
        number++;
        Group row;
        try {
            row = group.orElseThrow().read();
        } catch (RuntimeException e) {
            throw damaged(e);
        }
        try {
            ObjectNode json = ParquetJson.object(row);
            RowJson.refuseLoneSurrogates(json);
            ahead = Optional.of(new Row(file.toString(), number, json));
        } catch (DataException e) {
            quarantine.add(new BadRow(file.toString(), number, e.getMessage(), ""));
        }
    }

    private DataException damaged(Exception e) {
        return e instanceof DataException said ? said : new DataException(
                file + ":row " + (number + 1), "a row group that can be read", reason(e),
                "check that the file was copied whole, or write it again", e);
    }

    /// What a library says of bytes that make no sense to it is of use where it names what it does not know.
    private static String reason(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnsupportedOperationException || cause instanceof ParquetCryptoRuntimeException) {
                return FirstLine.of(cause);
            }
        }
        return "other or damaged bytes";
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
    }
}
