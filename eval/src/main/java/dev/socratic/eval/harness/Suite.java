package dev.socratic.eval.harness;

import dev.socratic.core.config.Default;
import dev.socratic.core.sandbox.SandboxConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tasks of lm-evaluation-harness to put a model through.
///
/// @param tasks              names of tasks, groups and tags, patterns with `*`, files and folders of task files
/// @param include            folders of further task files, whose names go before those that come with the tool
/// @param data               folders of data sets, each with the layout of the hub: `DIR/openai/gsm8k/main/test.jsonl`
/// @param limit              only the first so many documents of each task
/// @param numFewshot         examples before each, for tasks that do not fix them at 0
/// @param fewshotSeed        of their draw
/// @param applyChatTemplate  whether prompts are turns of a chat
/// @param fewshotAsMultiturn whether examples are turns of their own; left out, as `apply_chat_template` says
/// @param systemInstruction  before all
/// @param genKwargs          go before a task's `generation_kwargs`
/// @param bootstrapIters     draws for standard errors that have no formula; 0 for no standard errors
/// @param sandbox            what programs may take, of tasks whose answers are run
public record Suite(
        List<String> tasks,
        @Default("[]") List<Path> include,
        @Default("[]") List<Path> data,
        Optional<Integer> limit,
        Optional<Integer> numFewshot,
        @Default("1234") long fewshotSeed,
        @Default("false") boolean applyChatTemplate,
        Optional<Boolean> fewshotAsMultiturn,
        @Default("''") String systemInstruction,
        @Default("{}") Map<String, String> genKwargs,
        @Default("100000") int bootstrapIters,
        @Default("{}") SandboxConfig sandbox) {
    public Suite {
        tasks = List.copyOf(tasks);
        include = List.copyOf(include);
        data = List.copyOf(data);
        genKwargs = Map.copyOf(genKwargs);
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("tasks: at least one name, file or folder; got none; see "
                    + "'socratic tasks' for the names");
        }
        if (limit.isPresent() && limit.get() < 1) {
            throw new IllegalArgumentException(
                    "limit: at least 1; got %s; leave it out for all documents".formatted(limit.get()));
        }
        if (numFewshot.isPresent() && numFewshot.get() < 0) {
            throw new IllegalArgumentException(
                    "num_fewshot: at least 0; got %s; write 0 for none".formatted(numFewshot.get()));
        }
        if (fewshotAsMultiturn.orElse(false) && !applyChatTemplate) {
            throw new IllegalArgumentException("fewshot_as_multiturn: only with apply_chat_template; got it without; "
                    + "write apply_chat_template: true");
        }
        if (bootstrapIters < 0) {
            throw new IllegalArgumentException(
                    "bootstrap_iters: at least 0; got %s; 100000 is usual".formatted(bootstrapIters));
        }
    }

    /// @return the same of no more documents than that
    public Suite limitedTo(int most) {
        return new Suite(tasks, include, data, Optional.of(Math.min(most, limit.orElse(most))), numFewshot,
                fewshotSeed, applyChatTemplate, fewshotAsMultiturn, systemInstruction, genKwargs, bootstrapIters,
                sandbox);
    }
}
