package io.observatory.storage.sample.otlp.grpc;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.observatory.storage.sample.otlp.Signal;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceProto;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceProto;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceProto;

/**
 * The method {@code Export} of each signal's service. Its request stays as bytes; the
 * intake reads them record by record.
 */
final class ExportMethod {

	private static final Marshaller<InputStream> BYTES = new Marshaller<>() {

		@Override
		public InputStream stream(InputStream request) {
			return request;
		}

		@Override
		public InputStream parse(InputStream request) {
			return request;
		}

	};

	private static final Marshaller<Message> RESPONSE = new Marshaller<>() {

		@Override
		public InputStream stream(Message response) {
			return new ByteArrayInputStream(response.toByteArray());
		}

		@Override
		public Message parse(InputStream response) {
			throw new UnsupportedOperationException("A server reads no responses");
		}

	};

	private ExportMethod() {
	}

	static MethodDescriptor<InputStream, Message> of(Signal signal) {
		ServiceDescriptor service = protocol(signal).getServices().get(0);
		return MethodDescriptor.newBuilder(BYTES, RESPONSE)
			.setType(MethodType.UNARY)
			.setFullMethodName(MethodDescriptor.generateFullMethodName(service.getFullName(), "Export"))
			.build();
	}

	private static FileDescriptor protocol(Signal signal) {
		return switch (signal) {
			case TRACES -> TraceServiceProto.getDescriptor();
			case METRICS -> MetricsServiceProto.getDescriptor();
			case LOGS -> LogsServiceProto.getDescriptor();
		};
	}

}
