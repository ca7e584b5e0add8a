package io.observatory.storage.buffer;

import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The slots that wait for something to do. For rows that any of them may take only one is
 * woken, and the next when that one has gone to work. Guarded by the buffer's lock.
 */
final class WaitingSlots {

	private final Condition[] work;

	private final boolean[] waiting;

	/** The slot that was woken for the shared rows and has not come yet, or -1. */
	private int sharedSlot = -1;

	WaitingSlots(ReentrantLock lock, int slots) {
		this.work = new Condition[slots];
		Arrays.setAll(this.work, (i) -> lock.newCondition());
		this.waiting = new boolean[slots];
	}

	void await(int slot) throws InterruptedException {
		this.waiting[slot] = true;
		hasCome(slot);
		try {
			this.work[slot].await();
		}
		finally {
			this.waiting[slot] = false;
		}
	}

	/** Says that a slot is there, whether it has found something to do or not. */
	void hasCome(int slot) {
		if (this.sharedSlot == slot) {
			this.sharedSlot = -1;
		}
	}

	boolean isWaiting(int slot) {
		return this.waiting[slot];
	}

	void wake(int slot) {
		this.waiting[slot] = false;
		this.work[slot].signal();
	}

	void wakeForShared(int slot) {
		if (this.sharedSlot < 0) {
			this.sharedSlot = slot;
			wake(slot);
		}
	}

	void wakeAll() {
		for (Condition condition : this.work) {
			condition.signal();
		}
	}

}
