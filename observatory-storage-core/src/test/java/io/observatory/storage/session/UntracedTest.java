package io.observatory.storage.capture;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.observatory.storage.session.Untraced;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OwnThreadsTest {

	@Test
	void aThreadOfTheApplicationIsCapturedWhateverItIsCalled() throws Exception {
		CompletableFuture<Boolean> seen = new CompletableFuture<>();
		new Thread(() -> seen.complete(OwnWork.isCurrent()), "observatory-dome-control").start();
		assertThat(seen.get(10, TimeUnit.SECONDS)).isFalse();
	}

	@Test
	void aThreadOfThisLibraryIsNotCapturedWhateverItIsCalled() throws Exception {
		CompletableFuture<Boolean> seen = new CompletableFuture<>();
		Untraced.daemon(() -> seen.complete(OwnWork.isCurrent()), "flush-1").start();
		assertThat(seen.get(10, TimeUnit.SECONDS)).isTrue();
	}

}
