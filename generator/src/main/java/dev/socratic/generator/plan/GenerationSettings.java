package dev.socratic.generator.plan;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.Trace;
import java.util.List;
import java.util.function.Function;

/// How questions are asked.
///
/// @param teacher    who is asked
/// @param prompt     which template makes the messages
/// @param messages   the template itself: a question's conversation, the last message the user's
/// @param parameters how answers are written
/// @param seed       of the run, from which each request's is derived
/// @param samples    answers wanted of each question
public record GenerationSettings(
        Trace.Teacher teacher,
        Trace.Prompt prompt,
        Function<Question, List<ChatMessage>> messages,
        GenerationParameters parameters,
        long seed,
        int samples) {}
