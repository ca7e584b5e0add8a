package io.observatory.storage.sample.it;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.stream.Stream;

import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A person with a browser: Chromium without a window, used by what is seen and by the
 * keyboard. Every page that was visited is free of errors in the console, which is where
 * a breach of the content security policy shows.
 */
final class Browser implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration POLL = Duration.ofMillis(50);

	private static final Path SCREENS = Path.of("target/screens");

	private static final int WIDE = 1280;

	private static final int NARROW = 390;

	private final ChromeDriver driver;

	private Browser(ChromeDriver driver) {
		this.driver = driver;
	}

	/** Why there can be no browser here, if so. */
	static Optional<String> missing() {
		return (program("chromium").isPresent() && program("chromedriver").isPresent()) ? Optional.empty()
				: Optional.of("chromium and chromedriver are not both on the path (Debian: chromium, chromium-driver)");
	}

	private static Optional<File> program(String name) {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.map((directory) -> new File(directory, name))
			.filter(File::canExecute)
			.findFirst();
	}

	static Browser start() {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(program("chromium").orElseThrow());
		// root, as whom containers run, has no sandbox; the pages are our own
		options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
				"--hide-scrollbars");
		LoggingPreferences logs = new LoggingPreferences();
		logs.enable(LogType.BROWSER, Level.ALL);
		options.setCapability("goog:loggingPrefs", logs);
		ChromeDriverService service = new ChromeDriverService.Builder()
			.usingDriverExecutable(program("chromedriver").orElseThrow())
			.build();
		Browser browser = new Browser(new ChromeDriver(service, options));
		browser.wide();
		return browser;
	}

	void open(URI uri) {
		this.driver.get(uri.toString());
	}

	String url() {
		return this.driver.getCurrentUrl();
	}

	void back() {
		this.driver.navigate().back();
	}

	/** The first element that is shown, waited for. */
	WebElement find(String selector) {
		return until("there is " + selector, (browser) -> browser.shown(selector).isPresent()).shown(selector)
			.orElseThrow();
	}

	private Optional<WebElement> shown(String selector) {
		return all(selector).stream().filter(WebElement::isDisplayed).findFirst();
	}

	List<WebElement> all(String selector) {
		return this.driver.findElements(By.cssSelector(selector));
	}

	/**
	 * What each element says, in one question: there may be hundreds. Of what is off the
	 * screen and not laid out yet, too.
	 */
	@SuppressWarnings("unchecked") // the script makes a list of texts
	List<String> texts(String selector) {
		return (List<String>) script(
				"return [...document.querySelectorAll(arguments[0])].map(element => element.textContent.trim())",
				selector);
	}

	String text(String selector) {
		return find(selector).getText().strip();
	}

	/** What is clicked may be replaced just then: the page renews itself. */
	void click(String selector) {
		until("one can click on " + selector, (browser) -> {
			Optional<WebElement> element = shown(selector);
			element.ifPresent((found) -> {
				this.driver.executeScript("arguments[0].scrollIntoView({block: 'center'})", found);
				found.click();
			});
			return element.isPresent();
		});
	}

	/** Follows the link that says so. */
	void follow(String text) {
		until("there is a link " + text, (browser) -> !browser.links(text).isEmpty());
		WebElement link = links(text).get(0);
		this.driver.executeScript("arguments[0].scrollIntoView({block: 'center'})", link);
		link.click();
	}

	private List<WebElement> links(String text) {
		return this.driver.findElements(By.linkText(text)).stream().filter(WebElement::isDisplayed).toList();
	}

	void type(String selector, CharSequence... keys) {
		WebElement field = find(selector);
		field.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
		field.sendKeys(keys);
	}

	void choose(String selector, String value) {
		new Select(find(selector)).selectByValue(value);
	}

	/** Presses keys on whatever has the focus. */
	void press(CharSequence... keys) {
		this.driver.switchTo().activeElement().sendKeys(keys);
	}

	Object script(String script, Object... arguments) {
		return ((JavascriptExecutor) this.driver).executeScript(script, arguments);
	}

	/** Waits; elements may be replaced meanwhile. */
	Browser until(String what, Predicate<Browser> condition) {
		new WebDriverWait(this.driver, PATIENCE, POLL).withMessage(() -> what + " at " + url())
			.ignoring(StaleElementReferenceException.class)
			.until((driver) -> condition.test(this));
		return this;
	}

	/** Says that no page was wider than the screen, and that the console has no error. */
	void assertTidy() {
		assertThat(
				(Boolean) script("const page = document.documentElement; return page.scrollWidth <= page.clientWidth"))
			.as("%s fits the width", url())
			.isTrue();
		assertThat(this.driver.manage().logs().get(LogType.BROWSER).getAll()).as("the console at %s", url())
			.filteredOn((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue())
			.extracting(LogEntry::getMessage)
			.isEmpty();
	}

	/** Pictures of the page: light and wide, dark and narrow. */
	void picture(String name) {
		assertTidy();
		shot(name + "-light-wide");
		scheme("dark");
		narrow();
		assertTidy();
		shot(name + "-dark-narrow");
		wide();
		scheme("light");
	}

	private void scheme(String scheme) {
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	private void wide() {
		width(WIDE, 900, false);
	}

	private void narrow() {
		width(NARROW, 844, true);
	}

	private void width(int width, int height, boolean mobile) {
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", mobile));
	}

	private void shot(String name) {
		settle();
		try {
			Files.createDirectories(SCREENS);
			Files.write(SCREENS.resolve(name + ".png"), this.driver.getScreenshotAs(OutputType.BYTES));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Charts are drawn anew in a frame after the size or the scheme has changed. */
	private void settle() {
		this.driver.executeAsyncScript(
				"const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 80)))");
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
