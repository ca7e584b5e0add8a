package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Opens all files and directories of a spool: what the tests break it with stands behind
 * it.
 */
@FunctionalInterface
interface FileOpener {

	/** Opens files for nobody but their owner. */
	FileOpener OWNER_ONLY = (file, options) -> FileChannel.open(file, options, attributes(file, "rw-------"));

	FileChannel open(Path file, Set<OpenOption> options) throws IOException;

	/** Returns the attributes of new files, as far as the file system has such. */
	static FileAttribute<?>[] attributes(Path file, String permissions) {
		return isPosix(file)
				? new FileAttribute<?>[] {
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)) }
				: new FileAttribute<?>[0];
	}

	static boolean isPosix(Path file) {
		return file.getFileSystem().supportedFileAttributeViews().contains("posix");
	}

}
