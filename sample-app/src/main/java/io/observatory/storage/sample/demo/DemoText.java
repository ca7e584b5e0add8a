package io.observatory.storage.sample.demo;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The texts of the made-up conversations.
 */
final class DemoText {

	static final String SYSTEM = "You are the assistant of an online shop. Answer briefly, from the orders you find.";

	private static final List<String> QUESTIONS = List.of("Where is my order?",
			"Can I still change the address of my order?", "I was charged twice. What happened?",
			"Which of these two lamps is brighter?", "The parcel arrived, but the box was empty. What do I do now?",
			"Schickt ihr auch nach Österreich? 🇦🇹",
			"How long do I have to send something back, and who pays for it?");

	private static final List<String> SENTENCES = List.of("Your order left our warehouse yesterday and is on its way.",
			"You can change the address until the parcel is handed over.",
			"The second charge is a reservation; your bank releases it within three days.",
			"I have found three orders of the last month.", "The larger lamp gives 1,100 lumens, the smaller one 800.",
			"You have 30 days to send it back, and we pay for it.", "I have asked a colleague to look into it.",
			"Is there anything else that I can do for you?");

	private static final int CHARACTERS_A_TOKEN = 4;

	private DemoText() {
	}

	static String question(RandomGenerator random) {
		return QUESTIONS.get(random.nextInt(QUESTIONS.size()));
	}

	static String answer(RandomGenerator random) {
		int sentences = random.nextInt(1, SENTENCES.size());
		return String.join(" ", random.ints(sentences, 0, SENTENCES.size()).mapToObj(SENTENCES::get).toList());
	}

	static long tokens(String text) {
		return text.length() / CHARACTERS_A_TOKEN;
	}

}
