package io.observatory.storage.fault;

import java.util.ArrayList;
import java.util.List;

/**
 * A network of its own (Linux, as root), joined to the host's by two links: one that goes
 * down without a reset reaching either side, and one that stays up, to look from inside.
 */
final class NetworkNamespace implements AutoCloseable {

	private static final int HOST = 1;

	private static final int PEER = 2;

	private final long id = ProcessHandle.current().pid();

	private final Link link = new Link("a", 0);

	private final Link aside = new Link("b", 4);

	private NetworkNamespace() {
	}

	/**
	 * Makes the network and its links.
	 * @throws RuntimeException saying what this machine does not allow
	 */
	static NetworkNamespace create() {
		NetworkNamespace network = new NetworkNamespace();
		try {
			ip("netns", "add", network.name());
			network.link.create();
			network.aside.create();
			return network;
		}
		catch (RuntimeException ex) {
			network.close();
			throw ex;
		}
	}

	/** Returns the command that starts a program inside. */
	List<String> launcher() {
		return List.of("ip", "netns", "exec", name());
	}

	/** Returns the address inside that the link leads to. */
	String address() {
		return this.link.address(PEER);
	}

	/** Returns the address inside that can be reached while the link is down. */
	String addressAside() {
		return this.aside.address(PEER);
	}

	/** Returns the host's addresses, as pg_hba.conf has them. */
	String clients() {
		return this.link.address(0) + "/29";
	}

	void linkDown() {
		inside("link", "set", this.link.peer(), "down");
	}

	void linkUp() {
		inside("link", "set", this.link.peer(), "up");
	}

	/** Removes the network; the links go with their ends. */
	@Override
	public void close() {
		for (Link each : List.of(this.link, this.aside)) {
			ignoringFailure("link", "delete", each.host());
		}
		ignoringFailure("netns", "delete", name());
	}

	private String name() {
		return "obs" + this.id;
	}

	private void inside(String... arguments) {
		List<String> command = new ArrayList<>(List.of("-n", name()));
		command.addAll(List.of(arguments));
		ip(command.toArray(String[]::new));
	}

	private static void ignoringFailure(String... arguments) {
		try {
			ip(arguments);
		}
		catch (RuntimeException ex) {
			// it was never made
		}
	}

	private static void ip(String... arguments) {
		List<String> command = new ArrayList<>(List.of("ip"));
		command.addAll(List.of(arguments));
		PostgresProcess.run(command);
	}

	/**
	 * A pair of interfaces, one in each network.
	 *
	 * @param offset where its four addresses begin among the eight of this network
	 */
	private final class Link {

		private final String letter;

		private final int offset;

		Link(String letter, int offset) {
			this.letter = letter;
			this.offset = offset;
		}

		/** At most 15 characters, as the kernel wants it. */
		String host() {
			return name() + this.letter + HOST;
		}

		String peer() {
			return name() + this.letter + PEER;
		}

		/**
		 * Out of 198.18.0.0/15, which is set aside for tests of networks (RFC 2544) and
		 * so in nobody's way.
		 */
		String address(int number) {
			long address = (198L << 24 | 18L << 16) + (NetworkNamespace.this.id % (1 << 14)) * 8 + this.offset + number;
			return "%d.%d.%d.%d".formatted(address >> 24, address >> 16 & 0xff, address >> 8 & 0xff, address & 0xff);
		}

		void create() {
			ip("link", "add", host(), "type", "veth", "peer", "name", peer(), "netns", name());
			ip("address", "add", address(HOST) + "/30", "dev", host());
			inside("address", "add", address(PEER) + "/30", "dev", peer());
			ip("link", "set", host(), "up");
			inside("link", "set", peer(), "up");
		}

	}

}
