package io.observatory.storage.sample.chat;

import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.context.SmartLifecycle;

/**
 * Asks a question a second, every other one streamed, from one thread. It stops before
 * the writers do.
 */
final class DemoChat implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(DemoChat.class);

	private static final int QUESTIONS_A_CONVERSATION = 4;

	private final ChatClient client;

	private final ObservationRegistry registry;

	private volatile @Nullable Thread thread;

	DemoChat(ChatClient client, ObservationRegistry registry) {
		this.client = client;
		this.registry = registry;
	}

	@Override
	public void start() {
		Thread started = new Thread(this::run, "demo-chat");
		started.setDaemon(true);
		this.thread = started;
		started.start();
	}

	@Override
	public void stop() {
		Thread stopped = this.thread;
		this.thread = null;
		if (stopped != null) {
			stopped.interrupt();
			awaitEnd(stopped);
		}
	}

	@Override
	public boolean isRunning() {
		return this.thread != null;
	}

	private void run() {
		for (int i = 0; this.thread == Thread.currentThread(); i++) {
			int question = i;
			Observation.createNotStarted("demo.chat", this.registry).observe(() -> ask(question));
			pause();
		}
	}

	private void ask(int question) {
		try {
			String answer = answer(question);
			logger.info("Chat: question {} was answered in {} characters", question, answer.length());
		}
		catch (RuntimeException ex) {
			logger.warn("Chat: question {} was not answered: {}", question, ex.getClass().getName());
		}
	}

	private String answer(int question) {
		String conversation = "demo-" + question / QUESTIONS_A_CONVERSATION;
		ChatClient.ChatClientRequestSpec request = this.client.prompt("Where is my order 1042?")
			.advisors((advisors) -> advisors.param(ChatMemory.CONVERSATION_ID, conversation));
		if (question % 2 == 0) {
			return String.valueOf(request.call().content());
		}
		return request.stream().content().toStream().collect(Collectors.joining());
	}

	private static void pause() {
		try {
			Thread.sleep(TimeUnit.SECONDS.toMillis(1));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void awaitEnd(Thread thread) {
		try {
			thread.join(TimeUnit.SECONDS.toMillis(5));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
