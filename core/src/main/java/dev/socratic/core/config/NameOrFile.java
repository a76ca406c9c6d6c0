package dev.socratic.core.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A text component that names something built in, or a file of one's own. A file's path is resolved against the
/// folder of the config, as a `Path` is.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface NameOrFile {
    /// How such files end.
    String value();
}
