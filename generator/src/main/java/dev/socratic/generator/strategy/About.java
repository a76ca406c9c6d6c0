package dev.socratic.generator.strategy;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a strategy is, for lists and tables.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface About {
    /// @return what it does, in one line
    String value();

    /// @return where it comes from: authors, year, arXiv id
    String source();

    /// @return what comes out
    Gives gives() default Gives.ANSWERS;

    /// What comes out of a strategy.
    enum Gives { ANSWERS, PAIRS, QUESTIONS }
}
