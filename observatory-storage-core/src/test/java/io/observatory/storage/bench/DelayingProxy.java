package io.observatory.storage.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A server far away: what goes through arrives half a round trip later, in either
 * direction, as much at a time as is sent.
 */
final class DelayingProxy implements AutoCloseable {

	private static final int BUFFER = 1 << 16;

	private final int serverPort;

	private final long halfNanos;

	private final RoundTrips roundTrips;

	private final ServerSocket listener;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	/**
	 * Starts a proxy.
	 * @param roundTrips is told what goes through
	 */
	DelayingProxy(int serverPort, Duration roundTrip, RoundTrips roundTrips) {
		this.serverPort = serverPort;
		this.halfNanos = roundTrip.toNanos() / 2;
		this.roundTrips = roundTrips;
		try {
			this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start("accept", this::accept);
	}

	int port() {
		return this.listener.getLocalPort();
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.listener.accept();
			Socket server = new Socket(InetAddress.getLoopbackAddress(), this.serverPort);
			for (Socket socket : new Socket[] { client, server }) {
				socket.setTcpNoDelay(true);
				this.sockets.add(socket);
			}
			forward(client, server, this.roundTrips::asked);
			forward(server, client, (bytes) -> this.roundTrips.answered());
		}
	}

	private void forward(Socket from, Socket to, Watch watch) {
		BlockingQueue<Chunk> underWay = new LinkedBlockingQueue<>();
		start("read", () -> read(from, underWay, watch));
		start("write", () -> write(underWay, to));
	}

	private void read(Socket from, BlockingQueue<Chunk> underWay, Watch watch) throws IOException {
		try (InputStream in = from.getInputStream()) {
			byte[] buffer = new byte[BUFFER];
			for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
				byte[] bytes = Arrays.copyOf(buffer, count);
				watch.passes(bytes);
				underWay.add(new Chunk(System.nanoTime() + this.halfNanos, bytes));
			}
		}
		finally {
			underWay.add(Chunk.END);
		}
	}

	private void write(BlockingQueue<Chunk> underWay, Socket to) throws IOException, InterruptedException {
		try (OutputStream out = to.getOutputStream()) {
			for (Chunk chunk = underWay.take(); chunk != Chunk.END; chunk = underWay.take()) {
				for (long left = chunk.left(); left > 0; left = chunk.left()) {
					LockSupport.parkNanos(left);
				}
				out.write(chunk.bytes());
			}
		}
	}

	private static void start(String name, Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException | InterruptedException ex) {
				// the connection is over
			}
		}, "bench-proxy-" + name);
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

	/**
	 * Bytes under way.
	 *
	 * @param due when they arrive, by {@link System#nanoTime()}
	 * @param bytes the bytes
	 */
	private record Chunk(long due, byte[] bytes) {

		static final Chunk END = new Chunk(0, new byte[0]);

		long left() {
			return this.due - System.nanoTime();
		}

	}

	/** Is told what passes. */
	private interface Watch {

		void passes(byte[] bytes);

	}

	/** What a thread does. */
	private interface Task {

		void run() throws IOException, InterruptedException;

	}

}
