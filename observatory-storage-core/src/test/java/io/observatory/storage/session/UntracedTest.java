package io.observatory.storage.session;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class UntracedTest {

	@Test
	void aThreadOfTheApplicationIsCapturedWhateverItIsCalled() throws Exception {
		CompletableFuture<Boolean> seen = new CompletableFuture<>();
		new Thread(() -> seen.complete(Untraced.isCurrent()), "observatory-dome-control").start();
		assertThat(seen.get(10, TimeUnit.SECONDS)).isFalse();
	}

	@Test
	void aThreadOfThisLibraryIsNotCapturedWhateverItIsCalled() throws Exception {
		CompletableFuture<Boolean> seen = new CompletableFuture<>();
		Untraced.daemon(() -> seen.complete(Untraced.isCurrent()), "flush-1").start();
		assertThat(seen.get(10, TimeUnit.SECONDS)).isTrue();
	}

}
