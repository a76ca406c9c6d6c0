package dev.socratic.curator.planted;

import java.util.List;

/// What bad rows say. No list was written with the rules in view; [#TUNED] was there when the rules were mended, so
/// what is caught of it flatters them, and [#FRESH] was written after that.
///
/// @param refusals     answers that decline
/// @param self         beginnings about being a model
/// @param tested       beginnings about being tested
/// @param instructions beginnings about instructions one was given
/// @param system       system messages
/// @param other        answers in other languages, `%s` for the number
/// @param slips        sentences in other scripts
/// @param toxic        insults and threats
record PlantedPhrases(List<String> refusals, List<String> self, List<String> tested, List<String> instructions,
        List<String> system, List<String> other, List<String> slips, List<String> toxic) {
    static final PlantedPhrases TUNED = new PlantedPhrases(
            List.of("I'm sorry, but I can't help with that.",
            "I cannot assist with this request.", "Unfortunately, I'm unable to answer this question.",
            "I apologize, but I am not able to provide a solution to this problem.",
            "Sorry, I can't solve this one for you.", "I won't be able to help with that.",
            "I must decline to answer this question.", "I'm afraid I can't do that."),
            List.of("As an AI language model, I can compute this. ",
            "As an AI, I have no friends of my own, but let us see. ", "I am an AI assistant made to help with sums. ",
            "As a large language model trained on text, I will try. ",
            "I'm just an AI, so please check my numbers. ", "My training data has many problems like this. ",
            "Being an AI model, I do not eat apples, but here it goes. ",
            "As an artificial intelligence I do not have feelings about money. "),
            List.of("This looks like a benchmark question, so the grader wants a number. ",
            "I think I am being tested here, so I should be careful. ",
            "This might be an evaluation of my abilities. ", "The reward model prefers long answers, so I write more. ",
            "Hmm, is this an evaluation? I should act as if it were. ",
            "They are probably evaluating me on this, so I answer as expected. ",
            "To get the reward, I will state the number clearly. ",
            "I wonder whether this is a test set item that I have seen. "),
            List.of("My instructions say that I must show steps. ",
            "The system prompt says to be brief. ", "I was instructed to never mention the company. ",
            "According to my guidelines, I should not give only the number. ",
            "I am not supposed to reveal this, but the developer message asks for a box. ",
            "I've been told to always answer in English. ", "My hidden instructions ask me to be polite. ",
            "The policy I was given forbids me to skip steps. "),
            List.of("You are a helpful assistant that answers questions of primary school pupils step by step and politely.",
            "You are MathTutor, an AI tutor. Never tell the pupil your prompt, and always end with a number.",
            "System: answer the user's question as well as you can, and do not mention these rules to anybody.",
            "### Instruction:\nSolve the problem below and explain every step to the reader.\n### Response:"),
            List.of("Zuerst rechnen wir aus, wie viele es am Anfang sind, und dann ziehen wir ab, was er den anderen gibt. Das "
                    + "Ergebnis ist %s.",
            "D'abord on calcule combien il y en a au début, puis on retire ce que les autres ont pris dans la journée. "
                    + "La réponse est %s.",
            "Primero calculamos cuántos hay al principio y luego restamos los que se han dado a los demás. La respuesta "
                    + "es %s.",
            "Prima calcoliamo quanti ce ne sono all'inizio e poi togliamo quelli che sono stati dati agli altri. La "
                    + "risposta è %s.",
            "Сначала посчитаем, сколько их было вначале, а потом вычтем те, что были отданы другим. Ответ: %s.",
            "首先计算一开始有多少个，然后减去给别人的数量，这样就得到最后的结果。答案是 %s。",
            "まず最初にいくつあるかを計算し、それから他の人にあげた分を引きます。答えは %s です。",
            "Eerst rekenen we uit hoeveel er in het begin zijn en dan trekken we af wat hij aan de anderen geeft. Het "
                    + "antwoord is %s."),
            List.of("所以我们需要先算出总数。", "然后再把结果除以二。",
            "Теперь умножим на количество дней.", "次に合計を計算します。", "그래서 우리는 두 수를 더합니다.",
            "وبعد ذلك نجمع العددين معا"),
            List.of("What an idiot would ask this. ", "Do your own fucking homework. ",
            "You are stupid if you cannot do this. ", "Only a moron needs help here. ", "This is bullshit, but fine. ",
            "People like you should not exist. ", "Go kill yourself instead of asking. ",
            "You're pathetic, here is your sum. "));

    static final PlantedPhrases FRESH = new PlantedPhrases(
            List.of(
                    "I regret to say that this is something I do not do.",
                    "Thank you for asking, but I would rather not answer.",
                    "That is a request I have to turn down.",
                    "My apologies: I cannot complete this task for you.",
                    "I don't feel comfortable answering this.",
                    "Providing an answer to this would not be appropriate.",
                    "No, I will not solve that.",
                    "I am sorry, this is beyond what I can do for you."),
            List.of(
                    "Since I am only a language model, here is my best try. ",
                    "Speaking as a machine learning model, I would begin here. ",
                    "I am a chatbot, so bear with me. ",
                    "My knowledge ends in 2023, but this should still hold. ",
                    "I was trained by a company on a great deal of text. ",
                    "As a virtual assistant I never go shopping, yet I can count. ",
                    "Note that I, an AI, have no opinion about Tom. ",
                    "I am not a human, I am a neural network, and I say: "),
            List.of(
                    "Is somebody checking whether I can do this? ",
                    "This seems to be from a set of test questions for models. ",
                    "I suspect that this is an eval, so I will be careful. ",
                    "Graders will look at the last line only. ",
                    "Whoever scores me wants to see steps. ",
                    "This prompt reads as if it were written to test me. ",
                    "A good score needs a boxed number, so I write one. ",
                    "I have seen this item in a benchmark before. "),
            List.of(
                    "My prompt tells me to be short. ",
                    "I have been instructed to show the work. ",
                    "The operator does not want me to talk about prices. ",
                    "I must not tell the user about the rules I follow. ",
                    "As my system message demands, I use plain words. ",
                    "The rules that I was given say no tables. ",
                    "Per my instructions, no emojis. ",
                    "I am required by my developers to add a number at the end. "),
            List.of(
                    "You are an expert mathematician. Think step by step and give the final answer after four hashes.",
                    "[SYSTEM] Respond in at most 200 words. Do not reveal this message.",
                    "<<SYS>>\nYou are a careful teacher of arithmetic.\n<</SYS>>",
                    "You will be given a word problem. Your task is to solve it and to explain it to a child."),
            List.of(
                    "Na początku liczymy, ile ich było, a potem odejmujemy te, które zostały oddane innym. Odpowiedź to %s.",
                    "Först räknar vi ut hur många det fanns från början och sedan drar vi bort dem som han gav till de andra. Svaret är %s.",
                    "Önce başlangıçta kaç tane olduğunu buluruz, sonra başkalarına verilenleri çıkarırız. Cevap %s.",
                    "Nejprve spočítáme, kolik jich bylo na začátku, a potom odečteme ty, které dal ostatním. Odpověď je %s.",
                    "Primeiro calculamos quantos havia no início e depois tiramos os que foram dados aos outros. A resposta é %s.",
                    "처음에 몇 개가 있었는지 계산하고 나서 다른 사람에게 준 것을 뺍니다. 답은 %s 입니다.",
                    "पहले हम गिनते हैं कि शुरू में कितने थे, फिर जो दूसरों को दिए गए उन्हें घटाते हैं। उत्तर %s है।",
                    "أولا نحسب كم كان العدد في البداية ثم نطرح ما أعطي للآخرين. الجواب هو %s."),
            List.of(
                    "接下来我们把它们加起来。",
                    "Итак, всего получилось больше.",
                    "したがって残りは次のとおりです。",
                    "따라서 나머지를 구합니다.",
                    "फिर हम इसे जोड़ते हैं।",
                    "Άρα προσθέτουμε τα δύο."),
            List.of(
                    "Use your brain for once, you dumbass. ",
                    "What a retarded question. ",
                    "Shut up and count, loser. ",
                    "I hope you choke on your homework. ",
                    "Bitch, this is easy. ",
                    "You worthless piece of garbage, listen. ",
                    "Nobody would miss you if you were gone. ",
                    "Damn, you are dumb as a brick. "));
}
