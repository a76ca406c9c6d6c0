package dev.socratic.core.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What other tools call this component. None of the names is read; whoever writes one is told ours.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Aka {
    /// The other names.
    String[] value();

    /// What to know besides, where the value is written in another way too: "the name of an environment variable".
    String hint() default "";
}
