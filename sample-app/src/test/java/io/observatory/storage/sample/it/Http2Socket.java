package io.observatory.storage.sample.it;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * A connection of HTTP/2 with one call of gRPC, frame by frame: what no client would do.
 */
final class Http2Socket implements AutoCloseable {

	private static final int DATA = 0;

	private static final int HEADERS = 1;

	private static final int SETTINGS = 4;

	private static final int END_STREAM = 1;

	private static final int END_HEADERS = 4;

	private static final int STREAM = 1;

	private final Socket socket;

	private final DataOutputStream out;

	private Http2Socket(Socket socket) throws IOException {
		this.socket = socket;
		this.out = new DataOutputStream(socket.getOutputStream());
	}

	/** Connects, and says no more than that it speaks HTTP/2. */
	static Http2Socket connect(int port) {
		try {
			Http2Socket connection = new Http2Socket(new Socket("127.0.0.1", port));
			connection.out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			connection.frame(SETTINGS, 0, 0, new byte[0]);
			return connection;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Begins the call. */
	Http2Socket call(String method) {
		Http2Headers headers = new DefaultHttp2Headers().method("POST")
			.scheme("http")
			.path("/" + method)
			.authority("localhost")
			.set("content-type", "application/grpc")
			.set("te", "trailers");
		ByteBuf encoded = Unpooled.buffer();
		try {
			new DefaultHttp2HeadersEncoder().encodeHeaders(STREAM, headers, encoded);
			frame(HEADERS, END_HEADERS, STREAM, ByteBufUtil.getBytes(encoded));
		}
		catch (Http2Exception ex) {
			throw new IllegalStateException(ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return this;
	}

	/** Sends some bytes of the call's messages. */
	void data(byte[] bytes) throws IOException {
		frame(DATA, 0, STREAM, bytes);
	}

	private void frame(int type, int flags, int stream, byte[] bytes) throws IOException {
		ByteBuf frame = Unpooled.buffer(9 + bytes.length);
		frame.writeMedium(bytes.length).writeByte(type).writeByte(flags).writeInt(stream).writeBytes(bytes);
		this.out.write(frame.array(), 0, frame.readableBytes());
	}

	/** Waits for the end of the call and returns its status. */
	int status() {
		try {
			this.socket.setSoTimeout(60_000);
			DataInputStream in = new DataInputStream(this.socket.getInputStream());
			while (true) {
				byte[] head = in.readNBytes(9);
				ByteBuf header = Unpooled.wrappedBuffer(head);
				byte[] payload = in.readNBytes(header.readUnsignedMedium());
				if (header.readByte() == HEADERS && (header.readByte() & END_STREAM) != 0) {
					return new DefaultHttp2HeadersDecoder().decodeHeaders(STREAM, Unpooled.wrappedBuffer(payload))
						.getInt("grpc-status");
				}
			}
		}
		catch (Http2Exception ex) {
			throw new IllegalStateException(ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
