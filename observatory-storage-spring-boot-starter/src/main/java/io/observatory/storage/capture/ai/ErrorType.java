package io.observatory.storage.capture.ai;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import reactor.core.Exceptions;

/**
 * Determines {@code error.type} of an exception: the name of its class. Wrappers that
 * only carry another exception across threads or proxies are skipped.
 */
final class ErrorType {

	private ErrorType() {
	}

	static String of(Throwable error) {
		Throwable type = Exceptions.unwrap(error);
		Throwable cause = type.getCause();
		while (cause != null && isCarrier(type)) {
			type = cause;
			cause = type.getCause();
		}
		return type.getClass().getName();
	}

	private static boolean isCarrier(Throwable error) {
		return error instanceof CompletionException || error instanceof ExecutionException
				|| error instanceof UndeclaredThrowableException || error instanceof InvocationTargetException;
	}

}
