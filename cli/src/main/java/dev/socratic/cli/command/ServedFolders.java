package dev.socratic.cli.command;

import dev.socratic.cli.recipe.HubModels;
import dev.socratic.cli.recipe.Models;
import dev.socratic.cli.serve.ServedModel;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.text.Batching;
import dev.socratic.core.text.Quantization;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.models.embed.SentenceEncoder;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.generate.Batches;
import dev.socratic.models.generate.LocalModel;
import dev.socratic.models.network.EncoderConfig;
import dev.socratic.models.network.HeldWeights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The models that `serve` was given, by the names that clients call them by: the folder's, or what stands before
/// `=`.
///
/// @param folders by name, in the order they were given
record ServedFolders(Map<String, Path> folders) {
    private static final String PLACE = "MODEL";

    /// @param given `MODEL` or `NAME=MODEL`
    /// @throws ConfigException if two have one name, or one is neither a folder nor in the cache
    static ServedFolders of(List<String> given, HubModels hub) {
        Map<String, Path> folders = new LinkedHashMap<>();
        for (String one : given) {
            int equals = Files.exists(Path.of(one)) ? -1 : one.indexOf('=');
            Path folder = hub.folder(Path.of(one.substring(equals + 1)));
            String name = equals < 0 ? folder.toAbsolutePath().normalize().getFileName().toString()
                    : one.substring(0, equals);
            if (name.isBlank()) {
                throw new ConfigException(PLACE, "a name before '='", "'%s'".formatted(one), "write NAME=MODEL");
            }
            if (folders.put(name, folder) != null) {
                throw new ConfigException(PLACE, "models of different names", "two called '%s'".formatted(name),
                        "give one of them another: NAME=%s".formatted(one.substring(equals + 1)));
            }
        }
        return new ServedFolders(folders);
    }

    /// @throws ConfigException if fewer bits are asked for and a model is an encoder
    void require(Quantization quantization) {
        folders.values().stream().filter(EncoderConfig::isOf).findFirst().ifPresent(folder -> {
            if (quantization != Quantization.NONE) {
                throw new ConfigException("--weights", "none beside an encoder, which computes in float32",
                        "%s and %s".formatted(quantization.name().toLowerCase(Locale.ROOT), folder),
                        "leave it out, or serve the encoder by itself");
            }
        });
    }

    /// @throws ConfigException if somebody drafts and there is not one model that answers
    void require(Optional<TeacherConfig.Draft> draft) {
        if (draft.isPresent() && (folders.size() != 1 || EncoderConfig.isOf(folders.values().iterator().next()))) {
            throw new ConfigException("--draft", "one model that answers, to draft for", folders.keySet().toString(),
                    "serve it by itself, or leave --draft out");
        }
    }

    /// @param clock      what chat templates that print a date read
    /// @param cacheBytes of each model's KV cache
    /// @param draft      who drafts for the one model there is
    Opened open(int batch, Clock clock, Compute compute, long cacheBytes,
            Optional<TeacherConfig.Draft> draft) {
        Opened opened = new Opened(new ArrayList<>());
        try {
            folders.forEach((name, folder) -> opened.models().add(EncoderConfig.isOf(folder)
                    ? new ServedModel.Embedder(name, SentenceEncoder.open(folder, compute))
                    : new ServedModel.Writer(name, Models.drafted(
                            LocalModel.open(folder, new Batches(Batching.FIXED, batch, cacheBytes), clock, compute),
                            draft, compute))));
            return opened;
        } catch (RuntimeException | Error failed) {
            opened.close();
            throw failed;
        }
    }

    /// The models, to be closed after the server.
    record Opened(List<ServedModel> models) implements AutoCloseable {
        /// @return what the weights of those that write take, by name
        Map<String, HeldWeights> held() {
            Map<String, HeldWeights> all = new LinkedHashMap<>();
            models.forEach(served -> {
                if (served instanceof ServedModel.Writer(String name, LocalModel local)) {
                    all.put(name, local.held());
                }
            });
            return all;
        }

        @Override
        public void close() {
            models.forEach(served -> {
                switch (served) {
                    case ServedModel.Writer writer -> writer.model().close();
                    case ServedModel.Embedder embedder -> embedder.model().close();
                }
            });
        }
    }
}
