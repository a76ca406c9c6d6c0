package dev.socratic.eval.judged;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.seed.Seeds;
import dev.socratic.eval.stats.Bootstrap;
import dev.socratic.eval.stats.BradleyTerry;
import dev.socratic.eval.stats.Interval;
import dev.socratic.eval.stats.LengthControl;
import dev.socratic.eval.stats.Mean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Games between several models and what they come to: win rates, ratings, and how far the judge goes by position and
/// by length.
final class PairTable {
    private static final double DECIDED = 1e-9;

    private final List<String> players;
    private final List<Judged> judged = new ArrayList<>();
    private final List<Played> played = new ArrayList<>();
    private final long[][] unjudged;

    /// One pair with both verdicts.
    ///
    /// @param shown   share of the first where it is shown first, from 0 to 1
    /// @param swapped share of the second where that is shown first
    /// @param longer  characters of the first answer less those of the second
    record Judged(int question, int first, int second, double shown, double swapped, int longer) {
        double score() {
            return (shown + 1 - swapped) / 2;
        }
    }

    private record Played(int question, BradleyTerry.Game game) {}

    PairTable(List<String> players) {
        this.players = List.copyOf(players);
        this.unjudged = new long[players.size()][players.size()];
    }

    /// @return score of the first
    double add(Judged pair) {
        judged.add(pair);
        played.add(new Played(pair.question(), new BradleyTerry.Game(pair.first(), pair.second(), pair.score())));
        return pair.score();
    }

    /// A pair of which one has no answer.
    void unanswered(int question, int first, int second, double score) {
        played.add(new Played(question, new BradleyTerry.Game(first, second, score)));
    }

    void unjudged(int first, int second) {
        unjudged[first][second]++;
    }

    /// @param own score of the model at each question, over all opponents
    List<JudgedFigure> figures(double[] own) {
        List<JudgedFigure> figures = new ArrayList<>();
        figures.add(JudgedFigure.of("win_rate", Mean.of(own)));
        for (int other = 1; other < players.size(); other++) {
            double[] scores = scores(0, other);
            if (scores.length == 0) {
                continue;
            }
            if (players.size() > 2) {
                figures.add(JudgedFigure.of("win_rate_vs_" + players.get(other), Mean.of(scores)));
            }
            String name = players.size() > 2 ? "length_controlled_win_rate_vs_" + players.get(other)
                    : "length_controlled_win_rate";
            lengths(0, other).ifPresent(control -> figures.add(new JudgedFigure(name, control.winRate(),
                    Optional.empty(), control.ci95(), true)));
        }
        return figures;
    }

    private double[] scores(int first, int second) {
        return played.stream().map(Played::game).filter(game -> game.first() == first && game.second() == second)
                .mapToDouble(BradleyTerry.Game::score).toArray();
    }

    private Optional<LengthControl> lengths(int first, int second) {
        List<Judged> pairs = judged.stream().filter(pair -> pair.first() == first && pair.second() == second).toList();
        return LengthControl.of(pairs.stream().mapToDouble(Judged::score).toArray(),
                pairs.stream().mapToDouble(Judged::longer).toArray());
    }

    /// Puts pairs, position and ratings beside the figures.
    void tell(ObjectNode facts, long seed) {
        ArrayNode pairs = facts.putArray("pairs");
        for (int a = 0; a < players.size(); a++) {
            for (int b = a + 1; b < players.size(); b++) {
                double[] scores = scores(a, b);
                if (scores.length + unjudged[a][b] == 0) {
                    continue;
                }
                ObjectNode pair = pairs.addObject().put("first", players.get(a)).put("second", players.get(b))
                        .put("games", scores.length)
                        .put("wins", Arrays.stream(scores).filter(score -> score > 0.5 + DECIDED).count())
                        .put("ties", Arrays.stream(scores).filter(score -> Math.abs(score - 0.5) <= DECIDED).count())
                        .put("losses", Arrays.stream(scores).filter(score -> score < 0.5 - DECIDED).count())
                        .put("unjudged", unjudged[a][b]);
                Arrays.stream(scores).average().ifPresent(mean -> pair.put("win_rate", mean));
                lengths(a, b).ifPresent(control -> pair.put("length_weight", control.phi()));
            }
        }
        facts.set("position", position());
        ratings(facts, seed);
    }

    /// How far the judge goes by the place of an answer: of verdicts that prefer one, how many prefer the one shown
    /// first (one half where place does not count), and how many pairs have the same winner in both orders.
    private ObjectNode position() {
        long decided = 0;
        long first = 0;
        long same = 0;
        long toFirst = 0;
        long toSecond = 0;
        for (Judged pair : judged) {
            for (double verdict : new double[] {pair.shown(), pair.swapped()}) {
                decided += Math.abs(verdict - 0.5) > DECIDED ? 1 : 0;
                first += verdict > 0.5 + DECIDED ? 1 : 0;
            }
            same += Math.abs(pair.shown() - (1 - pair.swapped())) <= DECIDED ? 1 : 0;
            toFirst += pair.shown() > 0.5 + DECIDED && pair.swapped() > 0.5 + DECIDED ? 1 : 0;
            toSecond += pair.shown() < 0.5 - DECIDED && pair.swapped() < 0.5 - DECIDED ? 1 : 0;
        }
        ObjectNode position = Json.mapper().createObjectNode().put("pairs", judged.size())
                .put("same_in_both_orders", same).put("first_in_both_orders", toFirst)
                .put("second_in_both_orders", toSecond).put("decided_verdicts", decided);
        if (decided > 0) {
            Interval interval = Interval.wilson(first, decided);
            position.put("first_preferred", first / (double) decided);
            position.putArray("ci95").add(interval.low()).add(interval.high());
        }
        return position;
    }

    private void ratings(ObjectNode facts, long seed) {
        double[][] wins = wins(played);
        Optional<BradleyTerry> fit = BradleyTerry.fit(wins);
        if (fit.isEmpty()) {
            facts.put("ratings", "none: who wins, or loses, every game has no finite rating: "
                    + BradleyTerry.apart(wins).stream().map(players::get).toList());
            return;
        }
        List<List<Played>> byQuestion = played.stream().map(Played::question).distinct().sorted()
                .map(q -> played.stream().filter(one -> one.question() == q).toList()).toList();
        double[][] drawn = new double[players.size()][];
        List<double[]> draws = draws(byQuestion, seed);
        for (int i = 0; i < drawn.length; i++) {
            int player = i;
            drawn[i] = draws.stream().mapToDouble(draw -> draw[player]).sorted().toArray();
        }
        facts.put("bootstrap_draws", Bootstrap.DRAWS).put("bootstrap_draws_without_rating",
                Bootstrap.DRAWS - draws.size());
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < players.size(); i++) {
            order.add(i);
        }
        Collections.sort(order, (a, b) -> Double.compare(fit.get().strengths().get(b), fit.get().strengths().get(a)));
        ArrayNode ratings = facts.putArray("ratings");
        for (int i : order) {
            double strength = fit.get().strengths().get(i);
            ObjectNode rating = ratings.addObject().put("model", players.get(i)).put("strength", strength)
                    .put("elo", 1000 + BradleyTerry.ELO * strength).put("stderr", fit.get().error(i));
            rating.putArray("ci95").add(fit.get().ci95(i).low()).add(fit.get().ci95(i).high());
            if (drawn[i].length > 1) {
                Interval interval = Bootstrap.interval(drawn[i]);
                rating.putArray("ci95_bootstrap").add(interval.low()).add(interval.high());
            }
        }
    }

    /// Strengths of games drawn question by question; draws in which somebody wins everything have none.
    private List<double[]> draws(List<List<Played>> byQuestion, long seed) {
        SplittableRandom random = new SplittableRandom(Seeds.derive(seed, "ratings"));
        List<double[]> draws = new ArrayList<>();
        for (int draw = 0; draw < Bootstrap.DRAWS && byQuestion.size() > 1; draw++) {
            List<Played> games = new ArrayList<>();
            for (int i = 0; i < byQuestion.size(); i++) {
                games.addAll(byQuestion.get(random.nextInt(byQuestion.size())));
            }
            BradleyTerry.fit(wins(games)).ifPresent(fit ->
                    draws.add(fit.strengths().stream().mapToDouble(Double::doubleValue).toArray()));
        }
        return draws;
    }

    private double[][] wins(List<Played> games) {
        return BradleyTerry.wins(players.size(), games.stream().map(Played::game).toList());
    }
}
