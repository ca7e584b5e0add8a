package io.observatory.storage.sample.intake.http;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http11.Http11NioProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A request whose first line is read just when Tomcat is paused.
 */
class StoppingServerValveTest {

	@TempDir
	private Path directory;

	private final Tomcat tomcat = new Tomcat();

	@AfterEach
	void stop() throws LifecycleException {
		this.tomcat.stop();
		this.tomcat.destroy();
	}

	@Test
	void isToBeSentAgain() throws Exception {
		assertThat(answer(true)).startsWith("HTTP/1.1 503 ").contains("Retry-After: 3\r\n");
	}

	/** Should this fail one day, Tomcat does so by itself and the valve may go. */
	@Test
	void tomcatCallsItABadRequest() throws Exception {
		assertThat(answer(false)).startsWith("HTTP/1.1 400 ");
	}

	private String answer(boolean valve) throws LifecycleException, IOException {
		Connector connector = new Connector(new PausedMeanwhile());
		connector.setPort(0);
		this.tomcat.setBaseDir(this.directory.toString());
		this.tomcat.setConnector(connector);
		this.tomcat.addContext("", this.directory.toString());
		if (valve) {
			this.tomcat.getEngine().getPipeline().addValve(new StoppingServerValve());
		}
		this.tomcat.start();
		try (Socket socket = new Socket("127.0.0.1", connector.getLocalPort())) {
			socket.setSoTimeout(10_000);
			socket.getOutputStream()
				.write("POST /v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
					.getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
		}
	}

	/**
	 * Is asked once before the first line of a request is read.
	 */
	private static final class PausedMeanwhile extends Http11NioProtocol {

		private boolean asked;

		@Override
		public boolean isPaused() {
			boolean before = this.asked;
			this.asked = true;
			return before;
		}

	}

}
