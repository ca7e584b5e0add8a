package io.observatory.storage.fault;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.postgresql.ds.PGSimpleDataSource;

/**
 * Stands between the driver and PostgreSQL, and cuts the connection at the one moment
 * that matters: when a COMMIT is under way. It follows the protocol far enough to see a
 * COMMIT, be it a simple query or a prepared statement's execution, and its answer.
 * <p>
 * Also: freezes (nothing is read any more, as with a hung server or a lost network), goes
 * down, cuts at will, and blurs what the server says of rows in a COPY. Its data source
 * goes without TLS, whose negotiation it does not know.
 */
public final class CuttingProxy implements AutoCloseable {

	/** When to cut. */
	public enum Moment {

		/** The server never sees the COMMIT. */
		BEFORE_COMMIT,

		/** The server has committed, but the client never sees the answer. */
		AFTER_COMMIT

	}

	private static final int CANCEL_REQUEST = 80877102;

	private static final Pattern ABOUT_A_ROW = Pattern.compile("\0C(23505|23502|23514)\0");

	private static final Pattern CONSTRAINT = Pattern.compile("(?<=\0)n[^\0]*\0");

	private final int serverPort;

	private final ServerSocket listener;

	private final Set<Link> links = ConcurrentHashMap.newKeySet();

	private final Queue<Moment> plan = new ConcurrentLinkedQueue<>();

	private final AtomicInteger cuts = new AtomicInteger();

	private final AtomicBoolean vanishing = new AtomicBoolean();

	private final AtomicInteger blurred = new AtomicInteger();

	private volatile boolean blurring;

	/** What the server still takes for connected. */
	private final Queue<Socket> vanished = new ConcurrentLinkedQueue<>();

	private volatile Supplier<Moment> chance = () -> null;

	private volatile Runnable onCut = () -> {
	};

	private volatile CountDownLatch gate = new CountDownLatch(0);

	private volatile boolean down;

	private volatile boolean closed;

	public CuttingProxy(int serverPort) {
		this.serverPort = serverPort;
		try {
			this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start("accept", this::accept);
	}

	/**
	 * Returns a data source that goes through this proxy.
	 */
	public PGSimpleDataSource dataSource() {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setServerNames(new String[] { "localhost" });
		dataSource.setPortNumbers(new int[] { port() });
		dataSource.setUser("postgres");
		dataSource.setDatabaseName("postgres");
		dataSource.setSslMode("disable");
		dataSource.setGssEncMode("disable");
		return dataSource;
	}

	int port() {
		return this.listener.getLocalPort();
	}

	/** Cuts at the next COMMITs, one for each moment. */
	public void cutNextCommits(Moment... moments) {
		this.plan.addAll(List.of(moments));
	}

	/** Asks at each further COMMIT whether to cut; null means not to. */
	public void cutByChance(Supplier<Moment> chance) {
		this.chance = chance;
	}

	/** Runs an action at each cut, when the server is done and the client still waits. */
	public void onCut(Runnable action) {
		this.onCut = action;
	}

	/** Returns how many COMMITs were cut. */
	public int cuts() {
		return this.cuts.get();
	}

	/** Returns how many connections there are. */
	public int connections() {
		return this.links.size();
	}

	/** Cuts all connections, whatever they are at. */
	public void cutAll() {
		this.links.forEach(Link::cut);
	}

	/**
	 * Loses the client of the next COPY before its first row, as a network does that goes
	 * away without a word: the server goes on waiting for rows, in an open transaction.
	 */
	public void vanishInNextCopy() {
		this.vanishing.set(true);
	}

	/**
	 * Makes internal errors without a cause of all errors by which COPY says that a row
	 * is not unique, has no value or breaks a rule, as a distributed server does. What
	 * another statement says of a row keeps its state, but does not name the constraint.
	 */
	public void blurErrors() {
		this.blurring = true;
	}

	/** Returns how many errors were blurred. */
	public int blurred() {
		return this.blurred.get();
	}

	/** Cuts all connections, and further ones as soon as they come. */
	public void down() {
		this.down = true;
		cutAll();
	}

	public void up() {
		this.down = false;
	}

	/** Lets nothing through any more, in either direction. */
	public void freeze() {
		this.gate = new CountDownLatch(1);
	}

	public void thaw() {
		this.gate.countDown();
	}

	@Override
	public void close() {
		this.closed = true;
		thaw();
		closeQuietly(this.listener);
		cutAll();
		this.vanished.forEach(CuttingProxy::closeQuietly);
	}

	private void accept() {
		while (!this.closed) {
			try {
				connect(this.listener.accept());
			}
			catch (IOException ex) {
				// closed, or the one connection failed
			}
		}
	}

	private void connect(Socket client) throws IOException {
		if (this.down) {
			client.close();
			return;
		}
		try {
			Link link = new Link(client, new Socket(InetAddress.getLoopbackAddress(), this.serverPort));
			this.links.add(link);
			start("up", link::forwardToServer);
			start("down", link::forwardToClient);
		}
		catch (IOException ex) {
			// the server is away: the client is not to wait for it
			closeQuietly(client);
			throw ex;
		}
	}

	private static void start(String name, Runnable task) {
		Thread thread = new Thread(task, "cutting-proxy-" + name);
		thread.setDaemon(true);
		thread.start();
	}

	private static void closeQuietly(AutoCloseable closeable) {
		try {
			closeable.close();
		}
		catch (Exception ex) {
			// it is gone either way
		}
	}

	/**
	 * One connection.
	 */
	private final class Link {

		private final Socket client;

		private final Socket server;

		private final Map<String, String> statements = new HashMap<>();

		private final Map<String, String> portals = new HashMap<>();

		private volatile boolean cutAtAnswer;

		private boolean copying;

		Link(Socket client, Socket server) throws IOException {
			this.client = client;
			this.server = server;
			client.setTcpNoDelay(true);
			server.setTcpNoDelay(true);
		}

		void forwardToServer() {
			try {
				DataInputStream in = input(this.client);
				DataOutputStream out = output(this.server);
				forwardStartup(in, out);
				for (int type = in.read(); type >= 0; type = in.read()) {
					int length = in.readInt();
					byte[] body = in.readNBytes(length - Integer.BYTES);
					CuttingProxy.this.gate.await();
					if (type == 'd' && CuttingProxy.this.vanishing.compareAndSet(true, false)) {
						vanish();
						return;
					}
					if (isCommit(type, body) && cutsNow()) {
						return;
					}
					send(out, type, length, body, in.available() == 0);
				}
			}
			catch (IOException | InterruptedException ex) {
				// the connection is over
			}
			finally {
				cut();
			}
		}

		void forwardToClient() {
			try {
				DataInputStream in = input(this.server);
				DataOutputStream out = output(this.client);
				for (int type = in.read(); type >= 0; type = in.read()) {
					int length = in.readInt();
					byte[] body = in.readNBytes(length - Integer.BYTES);
					CuttingProxy.this.gate.await();
					if (this.cutAtAnswer && type == 'C' && "COMMIT".equals(text(body, 0))) {
						countCut();
						return;
					}
					body = blur(type, body);
					send(out, type, body.length + Integer.BYTES, body, in.available() == 0);
				}
			}
			catch (IOException | InterruptedException ex) {
				// the connection is over
			}
			finally {
				cut();
			}
		}

		/** COPY is from the server's CopyInResponse to its ReadyForQuery. */
		private byte[] blur(int type, byte[] body) {
			if (type == 'G' || type == 'Z') {
				this.copying = type == 'G';
			}
			if (type != 'E' || !CuttingProxy.this.blurring) {
				return body;
			}
			String error = new String(body, StandardCharsets.UTF_8);
			return ABOUT_A_ROW.matcher(error).find() ? blur(error).getBytes(StandardCharsets.UTF_8) : body;
		}

		private String blur(String error) {
			if (!this.copying) {
				return CONSTRAINT.matcher(error).replaceAll("");
			}
			CuttingProxy.this.blurred.incrementAndGet();
			return "SERROR\0VERROR\0CXX000\0Mconnection to a node failed\0\0";
		}

		private void forwardStartup(DataInputStream in, DataOutputStream out) throws IOException, InterruptedException {
			int length = in.readInt();
			byte[] body = in.readNBytes(length - Integer.BYTES);
			CuttingProxy.this.gate.await();
			out.writeInt(length);
			out.write(body);
			out.flush();
			if (((body[0] & 0xff) << 24 | (body[1] & 0xff) << 16 | (body[2] & 0xff) << 8
					| (body[3] & 0xff)) == CANCEL_REQUEST) {
				throw new IOException("A cancel request is all there is on its connection");
			}
		}

		/** Follows prepared statements, as a COMMIT is one after a while. */
		private boolean isCommit(int type, byte[] body) {
			String first = text(body, 0);
			switch (type) {
				case 'Q':
					return isCommit(first);
				case 'P':
					this.statements.put(first, text(body, next(body, 0)));
					return false;
				case 'B':
					this.portals.put(first, this.statements.getOrDefault(text(body, next(body, 0)), ""));
					return false;
				case 'E':
					return isCommit(this.portals.getOrDefault(first, ""));
				default:
					return false;
			}
		}

		private static boolean isCommit(String sql) {
			return "COMMIT".equalsIgnoreCase(sql.strip());
		}

		private boolean cutsNow() {
			Moment moment = CuttingProxy.this.plan.poll();
			if (moment == null) {
				moment = CuttingProxy.this.chance.get();
			}
			if (moment == Moment.BEFORE_COMMIT) {
				countCut();
				return true;
			}
			this.cutAtAnswer = moment == Moment.AFTER_COMMIT;
			return false;
		}

		private void countCut() {
			CuttingProxy.this.cuts.incrementAndGet();
			CuttingProxy.this.onCut.run();
		}

		private void vanish() {
			CuttingProxy.this.vanished.add(this.server);
			closeQuietly(this.client);
		}

		void cut() {
			CuttingProxy.this.links.remove(this);
			if (!CuttingProxy.this.vanished.contains(this.server)) {
				closeQuietly(this.server);
			}
			closeQuietly(this.client);
		}

		private static void send(DataOutputStream out, int type, int length, byte[] body, boolean flush)
				throws IOException {
			out.write(type);
			out.writeInt(length);
			out.write(body);
			if (flush) {
				out.flush();
			}
		}

		private static int next(byte[] body, int from) {
			int end = from;
			while (body[end] != 0) {
				end++;
			}
			return end + 1;
		}

		private static String text(byte[] body, int from) {
			int end = from;
			while (end < body.length && body[end] != 0) {
				end++;
			}
			return new String(body, from, end - from, StandardCharsets.UTF_8);
		}

		private static DataInputStream input(Socket socket) throws IOException {
			return new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 15));
		}

		private static DataOutputStream output(Socket socket) throws IOException {
			return new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 15));
		}

	}

}
