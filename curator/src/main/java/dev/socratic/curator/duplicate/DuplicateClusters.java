package dev.socratic.curator.duplicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.curator.config.Chains;
import dev.socratic.curator.step.KnownAnswer;
import dev.socratic.curator.store.TextStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Texts that are alike, as clusters, and of each cluster the members that stay.
///
/// A cluster is a connected component: two texts are in one if a chain of alike texts leads from one to the other, so
/// clusters do not depend on the order of the texts. Which members stay: the best by the rank; then every other, best
/// first, that is not alike to one that stays already ([Chains#KEEP]), or none ([Chains#DROP]). So under `keep` every
/// member that goes has one that stays to which it is itself alike: the greedy choice of text filters, made in the
/// order of the rank. Members with another right answer are never duplicates of each other.
///
/// In a cluster of more than 512 members, one is not compared with all that stay but with up to 32 for each key it
/// shares with them ([Likeness#keys]), or where there are no keys with the first 512; so the work grows with the
/// members and not with their square. One that finds no partner in this way stays.
///
/// Memory: 20 bytes a text, 8 more with another rule than `first`; ids and texts lie in a file.
final class DuplicateClusters implements Buckets.Joining, AutoCloseable {
    private static final int STAYS = -1;
    private static final int SMALL = 512;
    private static final String ID = "id";

    private final Chains chains;
    private final boolean byPlace;
    private final UnionFind sets = new UnionFind();
    private final TextStore members; // of each: {id, key, question_id, text, answer}
    private final Map<Integer, String> otherAnswers = new HashMap<>();
    private double[] ranks = new double[16];
    private int[] partners = new int[0];
    private int[] least = new int[0];
    private long clusters;

    /// How alike two texts are, in [0, 1], and whether that is enough.
    interface Likeness {
        double of(int a, int b);

        boolean enough(double likeness);

        /// @return numbers of which two that are alike probably have one in common; none where nothing is known
        default long[] keys(int number) {
            return new long[0];
        }
    }

    /// A text as its cluster knows it.
    ///
    /// @param id         of its row, the first where several share it
    /// @param key        what it is known by whatever the order of rows
    /// @param questionId of its row
    /// @param text       what is compared
    /// @param answer     the right answer; empty where it is not known
    record Member(String id, String key, String questionId, String text, String answer) {}

    /// @param byPlace whether the first of equals stays, instead of that with the least key
    /// @param file    for ids and texts; whoever owns its folder deletes it
    DuplicateClusters(Chains chains, boolean byPlace, Path file) {
        this.chains = chains;
        this.byPlace = byPlace;
        this.members = new TextStore(file);
    }

    /// @return its number
    int add(Member member, double rank) {
        int number = sets.add();
        if (!byPlace) {
            if (number == ranks.length) {
                ranks = Arrays.copyOf(ranks, 2 * number);
            }
            ranks[number] = rank;
        }
        members.add(Json.line(JsonNodeFactory.instance.objectNode().put(ID, member.id()).put("key", member.key())
                .put("question_id", member.questionId()).put("text", member.text()).put("answer", member.answer())));
        return number;
    }

    /// Another row of the same text: the better rank counts, and of several answers the least that is known.
    void again(int number, double rank, String answer) {
        if (!byPlace) {
            ranks[number] = Math.max(ranks[number], rank);
        }
        String known = member(number).answer();
        if (!answer.isEmpty() && (known.isEmpty() || answer.compareTo(known) < 0)) {
            otherAnswers.put(number, answer);
        }
    }

    @Override
    public void join(int a, int b) {
        sets.join(a, b);
    }

    @Override
    public int set(int number) {
        return sets.root(number);
    }

    Member member(int number) {
        JsonNode json = Json.read(members.get(number), JsonNode.class, "a member of a cluster");
        return new Member(json.path(ID).textValue(), json.path("key").textValue(),
                json.path("question_id").textValue(), json.path("text").textValue(),
                otherAnswers.getOrDefault(number, json.path("answer").textValue()));
    }

    /// Decides which members stay, once all are joined.
    void settle(Likeness likeness) {
        partners = new int[sets.size()];
        Arrays.fill(partners, STAYS);
        least = new int[sets.size()];
        int[] order = inClusters();
        for (int from = 0, to; from < order.length; from = to) {
            to = from + 1;
            while (to < order.length && set(order[from]) == set(order[to])) {
                to++;
            }
            settle(Arrays.copyOfRange(order, from, to), likeness);
            clusters++;
        }
    }

    boolean isSettled() {
        return partners.length == sets.size();
    }

    /// @return those with a duplicate, cluster by cluster
    private int[] inClusters() {
        int[] starts = new int[sets.size() + 1];
        for (int i = 0; i < sets.size(); i++) {
            int root = sets.root(i);
            starts[root + 1] = sets.members(root) > 1 ? sets.members(root) : 0;
        }
        for (int i = 0; i < sets.size(); i++) {
            starts[i + 1] += starts[i];
        }
        int[] order = new int[starts[sets.size()]];
        for (int i = 0; i < sets.size(); i++) {
            int root = sets.root(i);
            if (sets.members(root) > 1) {
                order[starts[root]++] = i;
            }
        }
        return order;
    }

    private record Ranked(int number, double rank, String key, String answer) {}

    private void settle(int[] cluster, Likeness likeness) {
        List<Ranked> all = new ArrayList<>();
        for (int number : cluster) {
            Member member = member(number);
            all.add(new Ranked(number, byPlace ? 0 : ranks[number], member.key(), member.answer()));
        }
        Comparator<Ranked> byKey = Comparator.comparing(Ranked::key).thenComparingInt(Ranked::number);
        least[sets.root(cluster[0])] = all.stream().min(byKey).orElseThrow().number();
        all.sort(byPlace ? Comparator.comparingInt(Ranked::number)
                : Comparator.comparingDouble(Ranked::rank).reversed().thenComparing(byKey));
        Staying staying = new Staying(all.size() > SMALL, likeness);
        for (Ranked member : all) {
            int partner = STAYS;
            double closest = Double.NEGATIVE_INFINITY;
            for (Ranked kept : staying.near(member.number())) {
                if (!KnownAnswer.mayBeEqual(member.answer(), kept.answer())) {
                    continue;
                }
                double like = likeness.of(member.number(), kept.number());
                if (like > closest && (chains == Chains.DROP || likeness.enough(like))) {
                    closest = like;
                    partner = kept.number();
                }
            }
            partners[member.number()] = partner;
            if (partner == STAYS) {
                staying.add(member);
            }
        }
    }

    /// The members of one cluster that stay so far, and which of them a member is compared with.
    private final class Staying {
        private final boolean large;
        private final Likeness likeness;
        private final List<Ranked> first = new ArrayList<>(); // all, in a small cluster
        private final Map<Long, List<Ranked>> byKey = new HashMap<>();

        Staying(boolean large, Likeness likeness) {
            this.large = large;
            this.likeness = likeness;
        }

        void add(Ranked member) {
            if (!large || first.size() < SMALL) {
                first.add(member);
            }
            if (large) {
                for (long key : likeness.keys(member.number())) {
                    List<Ranked> same = byKey.computeIfAbsent(key, k -> new ArrayList<>(1));
                    if (same.size() < Buckets.HUBS) {
                        same.add(member);
                    }
                }
            }
        }

        Collection<Ranked> near(int member) {
            long[] keys = large && chains == Chains.KEEP ? likeness.keys(member) : new long[0];
            if (keys.length == 0) {
                return first;
            }
            Set<Ranked> near = new LinkedHashSet<>();
            for (long key : keys) {
                near.addAll(byKey.getOrDefault(key, List.of()));
            }
            return near;
        }
    }

    /// @return the member that stays in the place of this one; nothing where it stays itself
    Optional<Integer> partner(int number) {
        return partners[number] == STAYS ? Optional.empty() : Optional.of(partners[number]);
    }

    /// @return how many members its cluster has, 1 for one that has no duplicate
    int members(int number) {
        return sets.members(number);
    }

    /// @return the least key of its cluster
    String cluster(int number) {
        return member(least[sets.root(number)]).key();
    }

    /// @return what a drop says of the member that stays and of the cluster
    ObjectNode evidence(int number, int partner) {
        Member kept = member(partner);
        return JsonNodeFactory.instance.objectNode().put("kept_id", kept.id())
                .put("kept_question_id", kept.questionId())
                .put("cluster", cluster(number)).put("cluster_size", members(number));
    }

    /// @return clusters of at least two, once they are settled
    long clusters() {
        return clusters;
    }

    int size() {
        return sets.size();
    }

    long memoryBytes() {
        return sets.memoryBytes() + (byPlace ? 0 : 8L * ranks.length) + 8L * sets.size()
                + 4L * (partners.length + least.length);
    }

    @Override
    public void close() {
        members.close();
    }
}
