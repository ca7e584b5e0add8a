package io.observatory.storage;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.elements.ClassesShould;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The arrows of the design: {@code writer → engine → {buffer, sending} → {session, table}
 * → {row, model}}.
 */
class ArchitectureTest {

	private static final String BASE = "io.observatory.storage";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(BASE);

	/**
	 * Every package, from the ground up, and what it may use. A package that is not in
	 * this list, or one that is gone, fails the test.
	 */
	private static final Map<String, Set<String>> PACKAGES = Map.ofEntries(entry("error"), entry("model"),
			entry("redact.text"), entry("redact", "model", "redact.text"), entry("llm.name"),
			entry("llm.price", "model", "llm.name"), entry("llm.dialect", "model", "llm.name"),
			entry("llm", "model", "llm.name", "llm.price"), entry("row", "error"),
			entry("table", "error", "model", "row"), entry("buffer", "error", "row"),
			entry("spool", "error", "model", "row", "buffer"), entry("session", "error", "row", "table"),
			entry("sending", "error", "model", "row", "table", "session"),
			entry("deadletter", "error", "row", "table", "session", "sending"),
			entry("upkeep", "error", "table", "session"), entry("stats", "buffer"),
			entry("buffer.disk", "error", "row", "table", "spool", "buffer", "stats"),
			entry("config", "model", "row", "table", "buffer", "spool", "session", "upkeep", "stats"),
			entry("engine", "error", "row", "table", "buffer", "buffer.disk", "spool", "session", "sending", "stats",
					"config"),
			entry("writer", "error", "model", "redact", "llm", "row", "table", "buffer", "sending", "stats", "config",
					"engine"));

	private static final int MAX_CLASSES_IN_A_PACKAGE = 20;

	@Test
	void arrowsRunOneWay() {
		Map<String, Set<String>> uses = new TreeMap<>();
		for (JavaClass type : CLASSES) {
			Set<String> used = uses.computeIfAbsent(name(type.getPackageName()), (name) -> new TreeSet<>());
			type.getDirectDependenciesFromSelf()
				.stream()
				.map((dependency) -> dependency.getTargetClass().getBaseComponentType().getPackageName())
				.filter((target) -> target.startsWith(BASE) && !target.equals(type.getPackageName()))
				.forEach((target) -> used.add(name(target)));
		}

		assertThat(uses.keySet()).isEqualTo(new TreeSet<>(PACKAGES.keySet()));
		assertThat(uses).allSatisfy((name, used) -> assertThat(PACKAGES.get(name)).as(name).containsAll(used));
	}

	@Test
	void packagesAreFreeOfCycles() {
		slices().matching(BASE + ".(**)").should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void packagesAreSmall() {
		Map<String, Long> sizes = CLASSES.stream()
			.filter((type) -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
			.collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

		assertThat(sizes)
			.allSatisfy((name, size) -> assertThat(size).as(name).isLessThanOrEqualTo(MAX_CLASSES_IN_A_PACKAGE));
	}

	@Test
	void onlySessionKnowsTheDriver() {
		noClassOutside("session").dependOnClassesThat().resideInAPackage("org.postgresql..").check(CLASSES);
	}

	@Test
	void onlyWhatTalksToTheDatabaseKnowsJdbc() {
		noClassOutside("session", "sending", "deadletter", "upkeep", "config", "engine", "writer").dependOnClassesThat()
			.resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework.jdbc..", "com.zaxxer.hikari..")
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
		assertThat(users).as("top level classes that use spring-retry").hasSize(1);
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
		noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED).check(CLASSES);
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

	private static Map.Entry<String, Set<String>> entry(String name, String... uses) {
		return Map.entry(name, Set.of(uses));
	}

	private static String name(String packageName) {
		return packageName.substring(Math.min(packageName.length(), BASE.length() + 1));
	}

	private static String outermost(JavaClass type) {
		String name = type.getName();
		int nested = name.indexOf('$');
		return (nested < 0) ? name : name.substring(0, nested);
	}

}
