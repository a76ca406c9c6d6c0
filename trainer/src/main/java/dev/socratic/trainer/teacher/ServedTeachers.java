package dev.socratic.trainer.teacher;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.trainer.config.ServedTeacherConfig;

/// Opens what a config says of a served teacher: the wire to endpoints is another module's.
@FunctionalInterface
public interface ServedTeachers {
    /// Of a training that nobody gave a wire.
    ServedTeachers NONE = config -> {
        throw new ConfigException("served_teacher", "a training that is run by the command line or a recipe",
                "'%s' outside of one".formatted(config.baseUrl()), "run socratic train");
    };

    /// @return the model at its address, which has answered; closed by whoever asked
    DistributionModel open(ServedTeacherConfig config) throws InterruptedException;
}
