package io.observatory.storage.sample.pages;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/**
 * Refuses a request whose host is a name that is not known here: a foreign site that has
 * its own name lead to this machine (DNS rebinding) would read the pages as if they were
 * its own. {@code localhost} and addresses cannot be led elsewhere. The intake has
 * nothing to read and is called by whatever name a network gives it, so it is not asked.
 */
class RebindingFirewall implements HttpFirewall {

	private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-f:.%]+]");

	private final StrictHttpFirewall intake = new StrictHttpFirewall();

	private final StrictHttpFirewall pages = new StrictHttpFirewall();

	RebindingFirewall(List<String> allowedHosts) {
		List<String> names = allowedHosts.stream().map((name) -> name.toLowerCase(Locale.ROOT)).toList();
		this.pages.setAllowedHostnames((host) -> isAllowed(host.toLowerCase(Locale.ROOT), names));
		// PostgreSQL takes no such character in a text
		this.pages.setAllowedParameterValues((value) -> value.indexOf('\0') < 0);
	}

	private static boolean isAllowed(String host, List<String> names) {
		return host.equals("localhost") || ADDRESS.matcher(host).matches() || names.contains(host);
	}

	@Override
	public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
		return (PagesSecurity.isIntake(request) ? this.intake : this.pages).getFirewalledRequest(request);
	}

	@Override
	public HttpServletResponse getFirewalledResponse(HttpServletResponse response) {
		return this.pages.getFirewalledResponse(response);
	}

}
