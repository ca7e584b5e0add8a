package io.observatory.storage.sample.otlp.grpc;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.grpc.Context;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.observatory.storage.sample.intake.Body;
import io.observatory.storage.sample.intake.ContentEncoding;
import io.observatory.storage.sample.intake.Request;
import io.observatory.storage.sample.intake.RequestException;
import org.jspecify.annotations.Nullable;

/**
 * The message of a call while it arrives. gRPC keeps its bytes outside the heap until it
 * is complete; this class reserves memory for them as they arrive. Used by the thread of
 * the connection.
 */
final class InboundMessage extends ServerStreamTracer {

	private static final Context.Key<InboundMessage> KEY = Context.key("inbound-message");

	/**
	 * What a frame takes in addition to its bytes; a sender can make one frame for each
	 * byte.
	 */
	private static final int FRAME_BYTES = 512;

	private final Request request;

	private final int maxSize;

	private final CompletableFuture<Body> whole = new CompletableFuture<>();

	private ContentEncoding encoding = ContentEncoding.IDENTITY;

	private long reserved;

	private volatile @Nullable Body body;

	InboundMessage(Request request, int maxSize) {
		this.request = request;
		this.maxSize = maxSize;
		this.whole.orTimeout(request.timeLeft().toMillis() / 2, TimeUnit.MILLISECONDS);
		// the stream keeps this object as long as the sender keeps it open
		this.whole.whenComplete((received, refusal) -> this.body = null);
	}

	/** Returns the message of the call that is being started. */
	static InboundMessage current() {
		return KEY.get();
	}

	Request request() {
		return this.request;
	}

	/**
	 * Returns the message, or a {@link RequestException} or
	 * {@link java.util.concurrent.TimeoutException}.
	 */
	CompletableFuture<Body> whole() {
		return this.whole;
	}

	/** Returns how the message is compressed, once it is there. */
	ContentEncoding encoding() {
		return this.encoding;
	}

	@Override
	public Context filterContext(Context context) {
		return context.withValue(KEY, this);
	}

	/** Called for each frame. */
	@Override
	public void inboundWireSize(long bytes) {
		try {
			this.request.lease().reserve(bytes + FRAME_BYTES);
			this.reserved += bytes + FRAME_BYTES;
		}
		catch (RequestException ex) {
			refuse(ex);
		}
	}

	/**
	 * Called with the last frame; the size is less than 0 if the message is compressed.
	 */
	@Override
	public void inboundMessageRead(int number, long wireSize, long uncompressedSize) {
		this.encoding = (uncompressedSize < 0) ? ContentEncoding.GZIP : ContentEncoding.IDENTITY;
	}

	/** Takes the bytes over from gRPC. */
	void read(InputStream message) {
		try {
			if (this.body != null) {
				throw RequestException.malformed("There is more than one message in the call");
			}
			this.body = copy(message);
		}
		catch (RequestException ex) {
			refuse(ex);
		}
		catch (IOException ex) {
			refuse(RequestException.malformed("The message was cut"));
		}
		if (this.whole.isDone()) {
			this.body = null;
		}
	}

	private Body copy(InputStream message) throws IOException {
		Body copy = this.request.newBody();
		copy.allocate(message.available());
		copy.readAll(message);
		this.request.lease().release(this.reserved);
		this.reserved = 0;
		return copy;
	}

	/** The sender has finished. */
	void end() {
		Body received = this.body;
		if (received != null) {
			this.whole.complete(received);
		}
		else {
			refuse(RequestException.malformed("There is no message in the call"));
		}
	}

	/** Refuses the call; whatever more arrives of it is discarded. */
	void refuse(RequestException ex) {
		this.whole.completeExceptionally(ex);
	}

	/** The call was refused by gRPC or cancelled by its sender. */
	@Override
	public void streamClosed(Status status) {
		refuse(switch (status.getCode()) {
			case RESOURCE_EXHAUSTED -> RequestException.tooLarge(this.maxSize);
			case UNIMPLEMENTED -> RequestException.unsupported("grpc-encoding must be gzip, identity or none");
			default -> RequestException.malformed("The message was cut");
		});
	}

}
