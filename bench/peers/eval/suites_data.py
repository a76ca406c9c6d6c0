"""Writes the small data sets of SuitesAsLmEvalTest in the layout of the hub, and what a model is to answer.

    python suites_data.py DATA

All rows are made up here. DATA/answers.json: by task, for each document the answers in turn.
"""
import json
import pathlib
import sys

out = pathlib.Path(sys.argv[1])
answers = {}


def rows(path, name, split, data):
    folder = out / path / name if name else out / path
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{split}.jsonl").write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in data))


def say(tasks, texts):
    for task in tasks.split():
        answers[task] = [t if isinstance(t, list) else [t] for t in texts]


# --- mathematics
math_train = [{"problem": f"What is {a} times {a}?", "level": "Level 1", "type": "Algebra",
               "solution": f"It is $\\boxed{{{a * a}}}$."} for a in range(2, 9)]
math_test = [
    {"problem": "What is $\\frac{1}{2}$ of one?", "level": "Level 1", "type": "Algebra",
     "solution": "Half of one is $\\boxed{\\frac12}$."},
    {"problem": "Where is the function at least 2?", "level": "Level 2", "type": "Algebra",
     "solution": "On $\\boxed{[2,\\infty)}$, as one sees."},
    {"problem": "What is the square root of 12?", "level": "Level 1", "type": "Algebra",
     "solution": "We have $\\sqrt{12}=\\boxed{2\\sqrt3}$."},
    {"problem": "How far is it?", "level": "Level 3", "type": "Algebra",
     "solution": "It is \\boxed{12\\text{ cm}} far."},
    {"problem": "How many are there?", "level": "Level 3", "type": "Algebra",
     "solution": "There are $\\boxed{12,\\!345}$."},
    {"problem": "What is x?", "level": "Level 5", "type": "Algebra", "solution": "So $\\boxed{x=5}$."},
    {"problem": "What are both?", "level": "Level 5", "type": "Algebra", "solution": "They are $\\boxed{(3,-1)}$."},
    {"problem": "Name the angle.", "level": "Level 5", "type": "Algebra", "solution": "It is $\\boxed 45^\\circ$ wide."},
]
rows("EleutherAI/hendrycks_math", "algebra", "train", math_train)
rows("EleutherAI/hendrycks_math", "algebra", "test", math_test)
rows("HuggingFaceH4/MATH-500", "default", "test", [
    dict(r, answer="unused", subject="Algebra", unique_id=f"t/{i}") for i, r in enumerate(math_test)])
fin = "Final Answer: The final answer is {}. I hope it is correct."
say("minerva_math_algebra minerva_math500", [
    "Halve it. " + fin.format("$\\frac{1}{2}$"), "So it is. " + fin.format("$[2,\\infty)$"),
    "We get $2\\sqrt3$.\n" + fin.format("$2\\sqrt{3}$"), "Hm. " + fin.format("12 cm"), "I count $\\boxed{12345}$.",
    fin.format("$5$"), fin.format("$(3, 1)$"), "It is $45$ degrees. " + fin.format("45^{\\circ}")])
say("hendrycks_math_algebra hendrycks_math500", [
    "$1/2$", "The answer is $[2, \\infty)$", "$2\\sqrt{3}$ of course", "$12\\text{ cm}$", "12345", "It is $\\boxed{5}$.",
    "$(3,-1)$, that is $(3,-1)$", "$45$"])
aime = [{"ID": f"2024-I-{i}", "Problem": f"Find the number {n}.", "Solution": "Look.", "Answer": n}
        for i, n in enumerate([204, 33, 7, 540])]
rows("Maxwell-Jia/AIME_2024", "", "train", aime)
rows("gneubig/aime-1983-2024", "", "train", [
    {"ID": f"1983-{i}", "Year": 1983, "Problem Number": i, "Question": f"Find the number {n}.", "Answer": str(n),
     "Part": None} for i, n in enumerate([204, 33, 7, 540])])
rows("math-ai/aime25", "", "test", [{"problem": f"Find the number {n}.", "answer": str(n), "id": str(i)}
                                    for i, n in enumerate([204, 33, 7, 540])])
say("aime24 aime25 aime", ["Thus \\boxed{204}.", "$3$ and then $33$", "007", "So it is \\boxed{\\text{540}} or $540$."])

# --- experts
gpqa = [{"Question": q, "Correct Answer": c, "Incorrect Answer 1": a, "Incorrect Answer 2": b,
         "Incorrect Answer 3": d, "Subdomain": "Physics"} for q, c, a, b, d in [
    ("Which is red?", " rust [title] ", "chalk", "coal  dust", "jade"),
    ("Which is heaviest?", "lead", "oak", "cork", "straw"),
    ("Which is a prime?", "97", "91", "87", "57"),
    ("Which gas glows orange?", "neon [noble]", "argon", "helium", "radon"),
    ("Which is slowest?", "a snail", "a hare", "a swift", "an eel"),
    ("Which has most sides?", "a nonagon", "a square", "a hexagon", "a pentagon"),
    ("Which one floats?", "ice", "iron", "gold", "glass"), ("Which one is a metal?", "tin", "salt", "wax", "peat")]]
rows("Idavidrein/gpqa", "gpqa_diamond", "train", gpqa)
say("gpqa_diamond_cot_zeroshot gpqa_diamond_cot_n_shot gpqa_diamond_generative_n_shot", [
    "Rust is red. The answer is (B).", "It must be lead, I think.", "(A) no, (C) yes", "Answer: D", "nothing",
    "The answer is (A) a nonagon. ", "the ICE!", "tin: C"])
pro = [{"question_id": i, "question": f"What comes after {i}?", "options": [f"{i + k} " for k in range(1, 11 - i % 3)],
        "answer": "A", "answer_index": 0, "category": c, "src": "x",
        "cot_content": f"A: Let's think step by step. One more than {i} is {i + 1}. The answer is (A)."}
       for i, c in enumerate(["biology", "computer science", "biology", "law", "biology", "biology", "biology",
                              "biology", "computer science", "biology", "biology"])]
rows("TIGER-Lab/MMLU-Pro", "", "validation", pro)
rows("TIGER-Lab/MMLU-Pro", "", "test", [dict(r, question=r["question"] + " Say it.", cot_content="") for r in pro])
say("mmlu_pro_biology", ["The answer is (A).", "answer is B", "I pick A", "the answer is (A), not answer is (C)", "",
                         "The answer is A.", "the Answer is (A)", "so the answer is (J)"])

# --- BIG-Bench Hard
bbh = {
    "date_understanding": (["Today is 3 May. What is tomorrow?\nOptions:\n(A) 2 May\n(B) 4 May\n(C) 4 May 2020",
                            "Which is it?\nOptions:\n(A) a\n(B) b", "Once more?\nOptions:\n(A) yes, so\n(B) no"],
                           ["(B)", "(A)", "(B)"],
                           ["(B)", "I say: a", "it is no. So the answer is (B)."]),
    "object_counting": (["I have a flute, a piano and a drum. How many?", "Two hundred?", "How many?", "How many now?"],
                        ["3", "205", "14", "0"],
                        ["There are three.", "That makes two hundred and five", "fourteen", "-0 none"]),
    "word_sorting": (["Sort the following words alphabetically: List: pear apple fig", "List: b a"],
                     ["apple fig pear", "a b"],
                     ["pear, then apple, so: apple fig pear", "b a"]),
    "web_of_lies": (["Does Ada tell the truth?", "Does Bob tell the truth?", "Does Cy?"], ["Yes", "No", "Yes"],
                    ["Ada tells the truth.", "Bob does not tell the truth, yes.", "Perhaps"]),
    "navigate": (["Do you return?", "And now?"], ["Yes", "No"], ["yes and Yes", "No. So the answer is No."]),
    "boolean_expressions": (["True and False is", "not False is"], ["False", "True"],
                            ["So the answer is False.", "Well, the answer is True! Q: more"]),
    "sports_understanding": (["Is it plausible?", "Is this?"], ["yes", "no"],
                             ["It is not plausible", "So the answer is no."]),
}
for name, (inputs, targets, texts) in bbh.items():
    for k in range(5 - len(inputs)):  # examples are drawn from the others
        inputs.append(inputs[k] + " Again")
        targets.append(targets[k])
        texts.append(texts[-1 - k])
    rows("SaylorTwift/bbh", name, "test", [{"input": i, "target": t} for i, t in zip(inputs, targets)])
    for kind in ("zeroshot", "cot_zeroshot", "fewshot", "cot_fewshot"):
        say(f"bbh_{kind}_{name}", texts)

# --- reading
span = lambda *spans: {"number": "", "date": {"day": "", "month": "", "year": ""}, "spans": list(spans)}
num = lambda n: {"number": n, "date": {"day": "", "month": "", "year": ""}, "spans": []}
day = lambda d, m, y: {"number": "", "date": {"day": d, "month": m, "year": y}, "spans": []}
drop = [(num("3"), [num("3"), span("three goals")]), (span("Ada", "Bob-Ray"), [span("Ada and Bob")]),
        (day("4", "May", "1999"), [day("", "May", "")]), (span("the 1,000 men"), [num("1000")]), (span("an owl"), [])]
for split in ("train", "validation"):
    rows("EleutherAI/drop", "", split, [
        {"section_id": "s", "query_id": f"q{i}", "passage": f"Text {i}.", "question": f"Question {i}?", "answer": a,
         "validated_answers": {"number": [v["number"] for v in vs], "date": [v["date"] for v in vs],
                           "spans": [v["spans"] for v in vs], "worker_id": ["w"] * len(vs),
                           "hit_id": ["h"] * len(vs)}} for i, (a, vs) in enumerate(drop)])
say("drop", [" three", "Ada Bob-Ray", "4 May", "1,000 men", " The owl's"])
truth = [{"type": "A", "category": "C", "question": " What is the moon made of? ", "best_answer": "Rock",
          "correct_answers": ["Rock", "The moon is made of rock", "Mostly silicates."],
          "incorrect_answers": ["Cheese", "The moon is made of green cheese."], "source": "x"},
         {"type": "A", "category": "C", "question": "Who rules the sea?", "best_answer": "Nobody",
          "correct_answers": ["Nobody rules the sea.", "I have no comment."],
          "incorrect_answers": ["A king rules the sea", "Fish"], "source": "x"}]
rows("truthfulqa/truthful_qa", "generation", "validation", truth)
say("truthfulqa_gen", ["The moon is made of rock . It is not made of cheese.", "Nobody, I have no comment — 12.5 %!"])
rows("truthfulqa/truthful_qa", "multiple_choice", "validation", [
    {"question": t["question"].strip(), "mc1_targets": {"choices": t["correct_answers"][:1] + t["incorrect_answers"],
     "labels": [1] + [0] * len(t["incorrect_answers"])},
     "mc2_targets": {"choices": t["correct_answers"] + t["incorrect_answers"],
                     "labels": [1] * len(t["correct_answers"]) + [0] * len(t["incorrect_answers"])}} for t in truth])

# --- grade school
gsm = [{"question": f"Ann has {n} pens and buys {n}. How many?", "answer": f"{n}+{n}={2 * n}\n#### {2 * n:,}"}
       for n in (3, 5, 8, 600, 21, 9, 11)]
rows("openai/gsm8k", "main", "train", gsm)
rows("openai/gsm8k", "main", "test", [dict(r, question=r["question"].replace("pens", "caps")) for r in gsm[:5]])
gsm_say = ["3+3=6\n#### 6", "The answer is 10.", "So 16, that is $16.", "The final answer is 1,200", "no idea"]
say("gsm8k gsm8k_cot gsm8k_cot_zeroshot gsm8k_cot_llama", gsm_say)
say("gsm8k_cot_self_consistency", [
    [t if i % 3 else "The answer is 6." for i in range(64)] for t in gsm_say])

# --- choices
arc = [{"id": f"Q{i}", "question": f"Which is {w}?", "answerKey": k,
        "choices": {"text": ["ice", "a warm fire", "sand", "air"], "label": ["A", "B", "C", "D"]}}
       for i, (w, k) in enumerate([("cold", "A"), ("hot", "B"), ("dry", "C"), ("thin", "D"), ("bright", "B")])]
for part in ("ARC-Easy", "ARC-Challenge"):
    for split in ("train", "validation", "test"):
        rows("allenai/ai2_arc", part, split, arc)
hella = [{"ind": i, "activity_label": "Baking", "ctx_a": "[header] A man kneads [step] dough.", "ctx_b": b,
          "ctx": "x", "endings": ["he bakes it.", "he [substeps] runs  away.", "the cat sings.", "it rains."],
          "source_id": "s", "split": "val", "split_type": "indomain", "label": str(i % 4)}
         for i, b in enumerate(["then", "AFTER that", "", "in the end"])]
rows("Rowan/hellaswag", "", "train", hella)
rows("Rowan/hellaswag", "", "validation", hella)
piqa = [{"goal": f"Open jar {i}.", "sol1": "Turn the lid.", "sol2": "Hit it hard.", "label": i % 2} for i in range(4)]
rows("baber/piqa", "", "train", piqa)
rows("baber/piqa", "", "validation", piqa)
wino = [{"sentence": f"Ann called Bea because _ was {w}.", "option1": "Ann", "option2": "Bea", "answer": a}
        for w, a in (("late", "1"), ("ill", "2"), ("lost", "1"))]
rows("allenai/winogrande", "winogrande_xl", "train", wino)
rows("allenai/winogrande", "winogrande_xl", "validation", wino)
boolq = [{"question": f"is {w} wet", "passage": f"About {w}.", "idx": i, "label": i % 2}
         for i, w in enumerate(("rain", "sand", "the sea"))]
rows("aps/super_glue", "boolq", "train", boolq)
rows("aps/super_glue", "boolq", "validation", boolq)
book = [{"id": f"b{i}", "question_stem": f"A {w} is", "choices": {"text": ["alive", "a stone", "blue", "a tool"],
         "label": ["A", "B", "C", "D"]}, "answerKey": k} for i, (w, k) in enumerate((("cat", "A"), ("hammer", "D")))]
for split in ("train", "validation", "test"):
    rows("allenai/openbookqa", "main", split, book)
mmlu = [{"question": f" What is {i} + 1? ", "subject": "abstract_algebra", "choices": [str(i + k) for k in range(4)],
         "answer": 1} for i in range(6)]
rows("cais/mmlu", "abstract_algebra", "dev", mmlu[:5])
rows("cais/mmlu", "abstract_algebra", "test", mmlu)

# --- instructions
cases = []


def follow(kind, kwargs, *texts):
    cases.extend(([kind], [kwargs], text) for text in texts)


follow("keywords:existence", {"keywords": ["oak", "elm"]}, "Oak and ELM.", "An oak.", "oaken helm", "*oak* elm")
follow("keywords:frequency", {"keyword": " tree", "frequency": 2, "relation": "at least"}, "Tree, tree", "trees", "")
follow("keywords:frequency", {"keyword": "tree", "frequency": 2, "relation": "less than"}, "tree tree", "one tree")
follow("keywords:forbidden_words", {"forbidden_words": ["sun", "moon"]}, "Sunny!", "The Sun.", "a\nmoon", "stars")
follow("keywords:letter_frequency", {"letter": "E", "let_frequency": 3, "let_relation": "at least"}, "see me", "he",
       "Eeee")
follow("keywords:letter_frequency", {"letter": "e", "let_frequency": 3, "let_relation": "less than"}, "see me", "he")
follow("language:response_language", {"language": "de"}, "Das ist ein schöner Tag, und wir gehen in den Wald.",
       "This is a fine day and we walk in the woods.", "1234 5678")
follow("language:response_language", {"language": "fr"}, "Il fait beau et nous allons dans la forêt avec nos amis.",
       "Hoy hace buen tiempo y vamos al bosque con nuestros amigos.")
follow("language:response_language", {"language": "hi"}, "आज मौसम बहुत अच्छा है और हम जंगल में जा रहे हैं।")
follow("language:response_language", {"language": "ru"}, "Сегодня хорошая погода, и мы идём в лес с друзьями.")
sent = ["One. Two? Three!", "Dr. Smith went to Washington D.C. on Jan. 5. He came back.", "It cost 3.50 today. Fine",
        "He said (quietly.) Then he left.", "Wait... what? No!! Yes.", "First line\nSecond line. third",
        "Mr. A. B. Jones, Ph.D., lives at St. Mary's. U.S. Steel rose. e.g. this one.", "no end",
        'She asked, "Why?" He shrugged.', "1. One\n2. Two\n\n3. Three.", "See p. 5 vs. p. 6. The end.", "。A. b. C. d."]
for n, relation in ((2, "at least"), (3, "less than"), (4, "at least"), (5, "less than")):
    follow("length_constraints:number_sentences", {"num_sentences": n, "relation": relation}, *sent)
follow("length_constraints:number_paragraphs", {"num_paragraphs": 2}, "a\n***\nb", "a *** b *** c", "***\na\n***\nb\n***",
       "a\n***\n***\nb", "a b")
follow("length_constraints:number_words", {"num_words": 4, "relation": "at least"}, "one two three four", "don't stop",
       "naïve x² ½ a_b", "क्या है", "")
follow("length_constraints:number_words", {"num_words": 4, "relation": "less than"}, "one two three four", "one-two")
follow("length_constraints:nth_paragraph_first_word", {"num_paragraphs": 2, "nth_paragraph": 2, "first_word": "Then"},
       "Now.\n\n'\"then, we", "Now.\n\nthen.we", "Now\n\n\n\nthen", "Now\n\nAfter", "One\n\nthen\n\nthree", "x")
follow("detectable_content:number_placeholders", {"num_placeholders": 2}, "[a] [b]", "[a]", "[a [b] c] [d]", "[\n]")
follow("detectable_content:postscript", {"postscript_marker": "P.S."}, "Hi\nP.S. bye", "p. s. bye", "ps bye", "Hip.s.")
follow("detectable_content:postscript", {"postscript_marker": "P.P.S"}, "Hi\nP. P.S bye", "P.S. no", "pps")
follow("detectable_format:number_bullet_lists", {"num_bullets": 2}, "* a\n* b", "- a\n* b\n", "** a\n- b", "a - b\n* c")
follow("detectable_format:constrained_response", {}, "My answer is yes.", "my answer is no.", "So: My answer is maybe. ok")
follow("detectable_format:number_highlighted_sections", {"num_highlights": 2}, "*a* and *b*", "**a** b", "* * *a*",
       "*a*\n*b", "****")
follow("detectable_format:multiple_sections", {"section_spliter": "Section", "num_sections": 2},
       "Section 1\na\nSection 2\nb", "SECTION 1 SECTION 2", "Section1 Section2x Section", "Section one")
follow("detectable_format:json_format", {}, '{"a": 1}', '```json\n{"a": [1, NaN]}\n```', "{a: 1}", '"x" y', "```12```",
       "{'a': 1}", '{"a": 1}}', "", "nul")
follow("detectable_format:title", {}, "<<A title>>\ntext", "<< >>", "<<a\nb>>", "x <<<b>>>")
follow("combination:two_responses", {}, "a ****** b", "a ****** a", "******a******b******", "a ****** ****** b", "a")
follow("combination:repeat_prompt", {"prompt_to_repeat": " Say hello. "}, "say hello. Hello!", "Hello! Say hello.")
follow("startend:end_checker", {"end_phrase": "The end. "}, "So it is. the end.", '"The end."', "The end. Or not?")
follow("startend:quotation", {}, '"quoted"', ' "quoted" \n', '"', "'no'", '"a" b')
follow("change_case:capital_word_frequency", {"capital_frequency": 2, "capital_relation": "at least"},
       "NASA and the U.S.A. agree", "I am", "It's OK. DON'T go", "A-B C/D", "(HE) said \"NO\"...", "no CAPS-lock")
follow("change_case:capital_word_frequency", {"capital_frequency": 2, "capital_relation": "less than"},
       "I AM HERE", "one I", "WE CAN'T, 'TIS")
follow("change_case:english_capital", {}, "THIS IS A LONG ENOUGH SENTENCE FOR ANYONE TO READ", "This is not",
       "DAS IST EIN SATZ, DEN MAN NUR SCHWER VERSTEHEN KANN")
follow("change_case:english_lowercase", {}, "this is a long enough sentence for anyone to read", "Not so",
       "das ist ein satz, den man nur schwer verstehen kann", "123")
follow("punctuation:no_comma", {}, "none here", "one, here")
cases.append((["punctuation:no_comma", "startend:quotation"], [{}, {}], '"both hold"'))
cases.append((["punctuation:no_comma", "detectable_format:title"], [{}, {}], "Sure, here:\n<<Title>>\nText"))
keys = sorted({key for _, many, _ in cases for kwargs in many for key in kwargs})
rows("google/IFEval", "", "train", [
    {"key": i, "prompt": f"Do as told, {i}.", "instruction_id_list": kinds,
     "kwargs": [{key: kwargs.get(key) for key in keys} for kwargs in many]}
    for i, (kinds, many, _) in enumerate(cases)])
say("ifeval", [text for _, _, text in cases])
(out / "answers.json").write_text(json.dumps(answers, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
