package dev.socratic.generator.strategy;

import dev.socratic.core.config.Names;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.step.Uses;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How a question becomes rows: a pure function of the question and what happened so far, which asks or is done.
///
/// A record of its config, one file each, found by [About] and by the laws that run over all of them. Roles are names
/// of the recipe's `models`, or `teacher` for the one of `generate`.
public sealed interface Strategy permits
        Ask, Pipeline, SocraticDialogue, CritiqueRefine, BestOfN, Adaptive, PreferencePairs, StepLabels, BudgetForcing,
        BackTranslation, DocumentQuestions, RefusalData, Rephrase, Vary, NumericVariants, SelfInstruct, EvolInstruct,
        Magpie, SampledQuestions, Distractors {
    /// The model of `generate.teacher`.
    String TEACHER = "teacher";

    /// @param scene equal scenes give equal moves
    Move next(Scene scene);

    /// @return the name of a model by the role it plays
    default Map<String, String> roles() {
        return Map.of(TEACHER, TEACHER);
    }

    /// @return the templates it renders
    default List<Uses> prompts() {
        return List.of();
    }

    /// @return the most steps that ask, of one conversation
    int mostSteps();

    /// @return the most queries of one conversation
    int mostQueries();

    /// @return the most questions that one conversation makes; 0 of a strategy that makes rows
    default int mostMade() {
        return 0;
    }

    /// @param conversations about so many questions, or one about all of them
    /// @param samples       conversations of the last strategy about each question
    /// @return the most queries of the whole chain
    default long mostQueries(long conversations, int samples) {
        List<Strategy> parts = chain();
        long queries = 0;
        long next = conversations;
        for (int i = 0; i < parts.size(); i++) {
            long all = i == parts.size() - 1 && !parts.get(i).whole() ? next * samples : next;
            queries += all * parts.get(i).mostQueries();
            next = all * parts.get(i).mostMade();
        }
        return queries;
    }

    /// @return whether one conversation is about all questions
    default boolean whole() {
        return false;
    }

    /// @return roles of models that write a user's turn themselves, behind what their chat template writes before one
    default Set<String> opens() {
        return Set.of();
    }

    /// @return roles of models that go on with a text of their own, which no endpoint has a field for
    default Set<String> goesOn() {
        return Set.of();
    }

    /// @return the strategies one after another; what one makes, the next asks about
    default List<Strategy> chain() {
        return about().gives() == About.Gives.QUESTIONS ? List.of(this, new Ask()) : List.of(this);
    }

    default About about() {
        return about(getClass());
    }

    default String name() {
        return Names.snake(getClass().getSimpleName());
    }

    static About about(Class<?> strategy) {
        return strategy.getAnnotation(About.class);
    }

    /// @return every strategy, in the order they are told
    static List<Class<?>> all() {
        return List.of(Strategy.class.getPermittedSubclasses());
    }
}
