package io.observatory.storage.autoconfigure;

import io.observatory.storage.capture.ai.StreamWatch;
import io.observatory.storage.spring.StorageSchedule;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * What a native image would otherwise leave out: the migrations, the prices, the
 * beginnings of keys, the annotated methods of objects that are not beans, and the class
 * of the observed streams.
 */
class StorageRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.resources().registerPattern("db/observatory/*");
		hints.resources().registerPattern("db/observatory-partitioned/*");
		hints.resources().registerPattern("io/observatory/storage/llm/price/*.tsv");
		hints.resources().registerPattern("io/observatory/storage/redact/text/*.txt");
		hints.reflection().registerTypeIfPresent(classLoader, StreamWatch.WATCHED);
		StorageSchedule.registerHints(hints);
	}

}
