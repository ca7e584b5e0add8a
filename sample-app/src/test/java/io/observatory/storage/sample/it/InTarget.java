package io.observatory.storage.sample.it;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Creates temporary directories in the folder of the build.
 */
public final class InTarget implements TempDirFactory {

	@Override
	public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension) throws Exception {
		return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "image");
	}

}
