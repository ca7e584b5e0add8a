package io.observatory.storage.sample.otlp.grpc;

import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.observatory.storage.sample.intake.Intake;
import io.observatory.storage.sample.otlp.OtlpEncoding;
import io.observatory.storage.sample.otlp.OtlpIntake;
import io.observatory.storage.sample.otlp.Signal;

/**
 * The services of OTLP, one for each signal.
 */
record ExportServices(Intake intake, OtlpIntake otlp) {

	List<ServerServiceDefinition> definitions() {
		return Arrays.stream(Signal.values()).map(this::definition).toList();
	}

	private ServerServiceDefinition definition(Signal signal) {
		MethodDescriptor<InputStream, Message> method = ExportMethod.of(signal);
		Intake.Handler handler = this.otlp.handler(signal, OtlpEncoding.PROTOBUF);
		return ServerServiceDefinition.builder(String.valueOf(method.getServiceName()))
			.addMethod(method, new ExportHandler(signal, this.intake, handler))
			.build();
	}

}
