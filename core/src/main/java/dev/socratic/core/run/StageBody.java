package dev.socratic.core.run;

/// The work of a stage. Called again on a folder it left half-way, it goes on there.
@FunctionalInterface
public interface StageBody {
    StageReport run(StageContext context) throws InterruptedException;
}
