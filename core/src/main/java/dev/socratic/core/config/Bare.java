package dev.socratic.core.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The record of a sealed family that a bare text stands for: `teacher: some/folder` for `teacher: {folder: {path:
/// some/folder}}`.
///
/// It has one component. In such a family every bare text is this record, so the others need a component too and are
/// written with their name.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Bare {}
