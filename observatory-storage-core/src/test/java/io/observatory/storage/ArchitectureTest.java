package io.observatory.storage;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.elements.ClassesShould;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The arrows of the design: {@code writer → {buffer, sink} → table → {row, model}}.
 */
class ArchitectureTest {

	private static final String BASE = "io.observatory.storage";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(BASE);

	@Test
	void arrowsRunOneWay() {
		LayeredArchitecture layers = layeredArchitecture().consideringOnlyDependenciesInLayers()
			.withOptionalLayers(true);
		for (String name : List.of("writer", "buffer", "sink", "table", "row", "llm", "model", "error")) {
			layers = layers.layer(name).definedBy(BASE + "." + name + "..");
		}
		layers.whereLayer("writer")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("buffer")
			.mayOnlyBeAccessedByLayers("writer")
			.whereLayer("sink")
			.mayOnlyBeAccessedByLayers("writer")
			.whereLayer("llm")
			.mayOnlyBeAccessedByLayers("writer")
			.whereLayer("table")
			.mayOnlyBeAccessedByLayers("writer", "buffer", "sink")
			.whereLayer("row")
			.mayOnlyBeAccessedByLayers("writer", "buffer", "sink", "table")
			.whereLayer("model")
			.mayOnlyBeAccessedByLayers("writer", "buffer", "sink", "table", "row", "llm")
			.whereLayer("error")
			.mayNotAccessAnyLayer()
			.check(CLASSES);
	}

	@Test
	void packagesAreFreeOfCycles() {
		slices().matching(BASE + ".(*)..").should().beFreeOfCycles().allowEmptyShould(true).check(CLASSES);
	}

	@Test
	void onlyTheSinkKnowsTheDriver() {
		noClassOutside("sink").dependOnClassesThat()
			.resideInAPackage("org.postgresql..")
			.allowEmptyShould(true)
			.check(CLASSES);
	}

	@Test
	void onlySinkAndWriterKnowJdbc() {
		noClassOutside("sink", "writer").dependOnClassesThat()
			.resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework.jdbc..", "com.zaxxer.hikari..")
			.allowEmptyShould(true)
			.check(CLASSES);
	}

	@Test
	void springRetryStaysBehindOneClass() {
		List<String> users = CLASSES.stream()
			.filter((type) -> type.getDirectDependenciesFromSelf()
				.stream()
				.anyMatch((dependency) -> dependency.getTargetClass()
					.getPackageName()
					.startsWith("org.springframework.retry")))
			.map(ArchitectureTest::outermost)
			.distinct()
			.toList();
		assertThat(users).as("top level classes that use spring-retry").hasSizeLessThanOrEqualTo(1);
	}

	@Test
	void theCoreHasNoFrameworkOfTheStarter() {
		noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.boot..", "org.springframework.context..", "org.flywaydb..",
					"io.micrometer..")
			.check(CLASSES);
	}

	@Test
	void noSynchronizedMethods() {
		noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED).allowEmptyShould(true).check(CLASSES);
	}

	@Test
	void timeComesFromAnInjectedClock() {
		Stream.of(Instant.class, LocalDate.class, LocalDateTime.class, OffsetDateTime.class, ZonedDateTime.class)
			.forEach((type) -> noClasses().should().callMethod(type, "now").check(CLASSES));
		noClasses().should().callMethod(System.class, "currentTimeMillis").check(CLASSES);
	}

	@Test
	void everyPackageIsNullMarked() {
		List<JavaPackage> packages = CLASSES.stream().map(JavaClass::getPackage).distinct().toList();
		assertThat(packages).isNotEmpty()
			.allSatisfy((javaPackage) -> assertThat(javaPackage.isAnnotatedWith(NullMarked.class))
				.as("@NullMarked on package %s", javaPackage.getName())
				.isTrue());
	}

	private static ClassesShould noClassOutside(String... packages) {
		String[] allowed = Arrays.stream(packages).map((name) -> BASE + "." + name + "..").toArray(String[]::new);
		return noClasses().that().resideOutsideOfPackages(allowed).should();
	}

	private static String outermost(JavaClass type) {
		String name = type.getName();
		int nested = name.indexOf('$');
		return (nested < 0) ? name : name.substring(0, nested);
	}

}
