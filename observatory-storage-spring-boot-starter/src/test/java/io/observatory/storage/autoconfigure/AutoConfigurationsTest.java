package io.observatory.storage.autoconfigure;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import javax.sql.DataSource;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.observatory.storage.autoconfigure.capture.StorageCaptureAutoConfiguration;
import io.observatory.storage.autoconfigure.capture.StorageLogbackAutoConfiguration;
import io.observatory.storage.autoconfigure.capture.StorageMicrometerAutoConfiguration;
import io.observatory.storage.autoconfigure.capture.StorageOpenTelemetryAutoConfiguration;
import io.observatory.storage.autoconfigure.capture.StorageSpringAiAutoConfiguration;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

class AutoConfigurationsTest {

	/** Of these an application has its own, and one more may change what it does. */
	private static final Set<Class<?>> NEVER_BEANS = Set.of(Flyway.class, TaskScheduler.class,
			ScheduledAnnotationBeanPostProcessor.class, JdbcConnectionDetails.class);

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("io.observatory.storage.autoconfigure", "io.observatory.storage.spring",
				"io.observatory.storage.actuate");

	@Test
	void exactlyTheAutoConfigurationsAreImported() {
		List<String> annotated = CLASSES.stream()
			.filter((type) -> type.isAnnotatedWith(AutoConfiguration.class))
			.map((type) -> type.getName())
			.toList();
		assertThat(ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()))
			.filteredOn((name) -> name.startsWith("io.observatory."))
			.containsExactlyInAnyOrderElementsOf(annotated)
			.hasSize(autoConfigurations().size());
	}

	@Test
	void autoConfigurationsArePublicAndFinalAndHaveNoPublicMembers() {
		assertThat(autoConfigurations()).allSatisfy((type) -> {
			assertThat(Modifier.isPublic(type.getModifiers())).isTrue();
			assertThat(Modifier.isFinal(type.getModifiers())).isTrue();
			assertThat(type.getDeclaredMethods()).noneMatch((method) -> Modifier.isPublic(method.getModifiers()));
			assertThat(type.getDeclaredFields()).noneMatch((field) -> Modifier.isPublic(field.getModifiers()));
		});
	}

	@Test
	void noBeanIsOfATypeThatApplicationsHave() {
		assertThat(beanMethods()).isNotEmpty()
			.allSatisfy((method) -> assertThat(NEVER_BEANS)
				.noneMatch((type) -> type.isAssignableFrom(method.getRawReturnType().reflect())));
	}

	@Test
	void onlyAnApplicationWithoutDataSourceGetsOurs() {
		assertThat(beanMethods()).filteredOn((method) -> method.getRawReturnType().isAssignableTo(DataSource.class))
			.singleElement()
			.satisfies(
					(method) -> assertThat(method.getOwner().getSimpleName()).isEqualTo("OnlyDataSourceConfiguration"));
	}

	@Test
	void schedulingIsNotSwitchedOn() {
		noClasses().should().beAnnotatedWith(EnableScheduling.class).check(CLASSES);
	}

	@Test
	void arrowsRunOneWay() {
		layeredArchitecture().consideringOnlyDependenciesInLayers()
			.layer("wiring")
			.definedBy("..autoconfigure..")
			.layer("operation")
			.definedBy("..actuate..")
			.layer("running")
			.definedBy("..storage.spring..")
			.whereLayer("wiring")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("operation")
			.mayOnlyBeAccessedByLayers("wiring")
			.whereLayer("running")
			.mayOnlyBeAccessedByLayers("wiring", "operation")
			.check(CLASSES);
		noClasses().that()
			.resideOutsideOfPackage("..autoconfigure.capture")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("..autoconfigure.capture")
			.because("the writers do not know who writes")
			.check(CLASSES);
	}

	@Test
	void nothingIsSynchronized() {
		noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED).check(CLASSES);
	}

	@Test
	void nativeImageKeepsEachFileThatIsRead() throws IOException {
		RuntimeHints hints = hints();
		for (String files : List.of("db/observatory*/*.sql", "io/observatory/storage/**/*.tsv",
				"io/observatory/storage/**/*.txt")) {
			Resource[] found = new PathMatchingResourcePatternResolver().getResources("classpath*:" + files);
			assertThat(found).as(files).isNotEmpty().allSatisfy((file) -> {
				String name = file.getURL().getPath().replaceFirst(".*/(db|io)/observatory", "$1/observatory");
				assertThat(RuntimeHintsPredicates.resource().forResource(name)).as(name).accepts(hints);
			});
		}
	}

	@Test
	void nativeImageKeepsScheduledMethods() {
		RuntimeHints hints = hints();
		assertThat(
				CLASSES.get("io.observatory.storage.spring.StorageSchedule$TimedFlush").reflect().getDeclaredMethods())
			.filteredOn((method) -> method.getName().equals("flush"))
			.allSatisfy((Method method) -> assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method))
				.accepts(hints));
	}

	private RuntimeHints hints() {
		RuntimeHints hints = new RuntimeHints();
		new StorageRuntimeHints().registerHints(hints, getClass().getClassLoader());
		return hints;
	}

	private List<JavaMethod> beanMethods() {
		return CLASSES.stream()
			.flatMap((type) -> type.getMethods().stream())
			.filter((method) -> method.isAnnotatedWith(Bean.class))
			.toList();
	}

	private static List<Class<?>> autoConfigurations() {
		return Arrays.asList(StorageCaptureAutoConfiguration.class, StorageDataSourceAutoConfiguration.class,
				StorageEndpointAutoConfiguration.class, StorageHealthAutoConfiguration.class,
				StorageLifecycleAutoConfiguration.class, StorageLogbackAutoConfiguration.class,
				StorageMetricsAutoConfiguration.class, StorageMicrometerAutoConfiguration.class,
				StorageOpenTelemetryAutoConfiguration.class, StorageUntracedAutoConfiguration.class,
				StorageRedactionAutoConfiguration.class, StorageSchedulingAutoConfiguration.class,
				StorageSchemaAutoConfiguration.class, StorageSpringAiAutoConfiguration.class,
				StorageWriterAutoConfiguration.class);
	}

}
