package dev.socratic.core.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Former names in a config of a component, of a member of a family, or of a constant of an enum. They are still read;
/// whoever writes one is told the name of today ([Places#formerNames]). What is written out has today's name.
///
/// ```java
/// record OptimizerConfig(@Alias("clip") double maxGradNorm) {}   // clip: 1 is read as max_grad_norm: 1
/// ```
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE, ElementType.FIELD})
public @interface Alias {
    String[] value();
}
