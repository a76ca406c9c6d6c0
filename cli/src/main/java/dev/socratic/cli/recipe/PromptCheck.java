package dev.socratic.cli.recipe;

import dev.socratic.core.config.NameOrFile;
import dev.socratic.core.config.Parts.Part;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.curator.config.ScoreConfig;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.quality.QualityRules;
import dev.socratic.datasets.row.Question;
import dev.socratic.generator.step.Uses;
import dev.socratic.generator.strategy.Strategy;
import dev.socratic.prompts.FewShot;
import dev.socratic.prompts.FewShotExample;
import dev.socratic.prompts.PromptTemplate;
import dev.socratic.prompts.judge.Rubric;
import dev.socratic.trainer.objective.Objective;
import java.util.List;
import java.util.Optional;

/// Whether prompts, objectives, quality rules, rubrics and examples that a recipe names are there and fit what they are
/// used for.
final class PromptCheck {
    private final Findings findings;

    PromptCheck(Findings findings) {
        this.findings = findings;
    }

    /// Opens what a text names that may be built in or a file.
    void named(Part part) {
        NameOrFile kind = part.component().getAnnotation(NameOrFile.class);
        if (kind == null || !(part.value() instanceof String text)) {
            return;
        }
        try {
            switch (kind.value()) {
                case PromptTemplate.FILES -> PromptTemplate.named(text);
                case Objective.FILES -> Objective.formerNames(text)
                        .forEach(name -> findings.warn("", name.toString()));
                case StepConfig.RULES -> QualityRules.read(text);
                case ScoreConfig.Judge.RUBRIC -> Rubric.read(text);
                default -> throw new IllegalStateException("nobody opens files of the kind " + kind.value());
            }
        } catch (SocraticException refused) {
            findings.problem(part.path(), refused);
        }
    }

    /// Whether the templates of a strategy ask for nothing that its steps do not have.
    void strategy(Strategy strategy) {
        for (Uses uses : strategy.prompts()) {
            try {
                PromptTemplate.named(uses.template());
            } catch (SocraticException told) {
                continue; // with all other parts
            }
            try {
                uses.open();
            } catch (SocraticException refused) {
                findings.problem("generate.strategy.%s.%s".formatted(strategy.name(), uses.key()), refused);
            }
        }
    }

    /// @param path of whatever asks
    /// @return what would be sent for a question; empty where that is refused, which is a problem then
    Optional<List<ChatMessage>> messages(String path, String prompt, Optional<FewShot> fewShot, Question question) {
        PromptTemplate template;
        try {
            template = PromptTemplate.named(prompt);
        } catch (SocraticException told) {
            return Optional.empty();
        }
        if (template.takesExamples() && fewShot.isEmpty()) {
            findings.problem(path + ".few_shot", "examples for the prompt '%s'".formatted(template.name()), "none",
                    "give few_shot: {examples: FILE.jsonl, k: 4}, or use the prompt chain_of_thought");
            return Optional.empty();
        }
        List<FewShotExample> examples;
        try {
            examples = fewShot.map(shots ->
                    shots.choose(FewShotExample.read(shots), question.id(), question.question()))
                    .orElse(List.of());
        } catch (SocraticException refused) {
            findings.problem(path + ".few_shot", refused);
            return Optional.empty();
        }
        try {
            return Optional.of(template.messages(question, examples));
        } catch (SocraticException refused) {
            // Text and variables alone fail by the examples they are given.
            findings.problem(path + (fewShot.isPresent() && template.isPlain() ? ".few_shot" : ".prompt"), refused);
            return Optional.empty();
        }
    }
}
